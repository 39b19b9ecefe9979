"""The journal is only ever added to, and every action that the code records has its words."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

from checkin.journal import service
from checkin.journal.words import ACTIONS, PERSONAL

from .test_rules import ROOT, tracked

ACTION = re.compile(r"[a-z]+\.[a-z_]+")
KNOWS_THE_ROWS = {f"checkin/journal/{name}.py" for name in ("tables", "service", "queries")}
CHANGES = re.compile(r"\b(update|delete|merge|truncate|drop|alter|replace)\b", re.IGNORECASE)


def _dotted(node: ast.AST) -> set[str]:
    """Every `word.word` that this piece of code may become."""
    texts = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return {text for text in texts if ACTION.fullmatch(text)}


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _meant(module: ast.Module, action: ast.expr) -> set[str]:
    """What the `action` of an entry can be: said there, put into a name before, or handed to the function around it."""
    if not isinstance(action, ast.Name):
        return _dotted(action)
    found: set[str] = set()
    for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
        if action not in ast.walk(function):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and action.id in {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}:
                found |= _dotted(node.value)
        calls = (node for node in ast.walk(module) if isinstance(node, ast.Call) and _name(node) == function.name)
        arguments = (one for call in calls for one in (*call.args, *(keyword.value for keyword in call.keywords)))
        if action.id in {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}:
            found |= {text for one in arguments for text in _dotted(one)}
    return found


def _recorded() -> Iterator[tuple[str, set[str]]]:
    """Each place that writes an entry, and the actions it writes; `note` of the organisers' pages writes them too."""
    for path in tracked("checkin/**/*.py"):
        module, where = ast.parse(path.read_text("utf-8")), path.relative_to(ROOT).as_posix()
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            said = [one.value for one in call.keywords if one.arg == "action"] if _name(call) == "record" else []
            if isinstance(call.func, ast.Name) and call.func.id == "note":
                said = call.args[:1]
            for action in said:
                if where != "checkin/organise/noting.py":
                    yield f"{where}:{call.lineno}", _meant(module, action)


def test_every_action_that_is_recorded_has_words_and_no_words_stand_for_nothing() -> None:
    recorded = dict(_recorded())
    assert len(recorded) > 30
    assert [] == [place for place, actions in recorded.items() if not actions], "which action is it?"
    assert set(ACTIONS) == set().union(*recorded.values()), "add its words to checkin/journal/words.py"


def test_what_is_marked_as_personal_is_recorded() -> None:
    assert set() == PERSONAL - set(ACTIONS)


def test_the_journal_offers_to_write_and_nothing_else() -> None:
    functions = inspect.getmembers(service, inspect.isfunction)
    assert ["record"] == [name for name, made in functions if made.__module__ == service.__name__]


def test_nobody_else_reaches_its_rows() -> None:
    files = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in tracked("checkin/**/*.py")}
    knowing = {where for where, text in files.items() if re.search(r"JournalRow|tables\[.journal", text)}
    assert knowing == KNOWS_THE_ROWS
    for where in KNOWS_THE_ROWS:
        names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(ast.parse(files[where]))}
        assert set() == {name for name in names if CHANGES.fullmatch(name)}, where


def test_no_statement_of_sql_changes_it() -> None:
    """Written as text; migrations may build its table, and nothing else."""
    changes = re.compile(
        r"\b(update|delete\s+from|truncate(\s+table)?|drop\s+table|replace\s+into)\s+[\"'`]?journal\b", re.IGNORECASE
    )
    assert changes.search('UPDATE "journal" SET actor = 1')
    assert changes.search("delete from journal")
    texts = {path: path.read_text("utf-8") for path in tracked("checkin/**/*.py", "checkin/**/*.sql")}
    assert [] == [path for path, text in texts.items() if changes.search(text)]
    landed = {path for path in tracked("checkin/migrations/versions/*.py") if '"journal"' in texts[path]}
    assert ["0001_the_first_schema.py"] == [path.name for path in landed]
