"""`python -m printing preview TEMPLATE`: check a badge template and see what it makes of names; `list` names them."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from printing.mistakes import instead_of, shown
from printing.preview import write_preview
from printing.template import TemplateError, find_templates, load_template


def main(arguments: Sequence[str] | None = None) -> int:
    """0: done. 2: refused, and why."""
    parser = argparse.ArgumentParser(prog="python -m printing", description="Badge templates: check them, see them.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the templates that come with the system")
    preview = commands.add_parser("preview", help="check a template and make pictures of real and of the hardest names")
    preview.add_argument(
        "template", metavar="TEMPLATE", help="a name, as in a6, or a file, as in instance/templates/a6.toml"
    )
    preview.add_argument("--output", type=Path, metavar="DIR", help="where the pictures go")
    asked = parser.parse_args(arguments)
    if asked.command == "list":
        for name, path in find_templates().items():
            print(f"{name:10} {load_template(path).title}")
        return 0
    return _preview(asked.template, asked.output)


def _preview(name: str, folder: Path | None) -> int:
    shipped = find_templates()
    path = Path(name) if name.endswith(".toml") else shipped.get(name)
    if path is None:
        print(
            f"There is no template {shown(name)}. {instead_of(name, shipped)} Or name a file: my.toml.", file=sys.stderr
        )
        return 2
    try:
        template = load_template(path)
        first, *rest = write_preview(template, folder or Path(tempfile.gettempdir()) / f"badge-preview-{template.name}")
    except TemplateError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The pictures cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(f"{template.title}: no mistakes.")
    print(f"Look at    {first}")
    print(f"Also there {len(rest)} files: {rest[0].name}, and a picture of each name.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
