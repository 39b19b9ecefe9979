"""What a report on paper says: words in both languages and figures as they are shown. Nothing is worked out here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """The same in English and in Urdu."""

    en: str
    ur: str = ""

    @property
    def own_ur(self) -> str:
        """The Urdu words; nothing where they would only repeat the English ones."""
        return "" if self.ur == self.en else self.ur


@dataclass(frozen=True)
class Figure:
    """One figure of the first page, and in small letters what it is made of."""

    label: Said
    value: str
    note: Said = Said("")


@dataclass(frozen=True)
class Chart:
    """Pairs of bars side by side, one pair for each label; `series` names the two."""

    title: Said
    series: tuple[Said, Said]
    labels: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    note: Said = Said("")


@dataclass(frozen=True)
class Row:
    """A line of a table; `size` is what its bar shows, in whatever unit its table's others are."""

    name: Said
    cells: tuple[str, ...]
    size: int = 0


@dataclass(frozen=True)
class Listing:
    """A table; `head` names the cells of its rows."""

    title: Said
    head: tuple[Said, ...]
    rows: tuple[Row, ...]
    note: Said = Said("")


@dataclass(frozen=True)
class Texts:
    """Sentences under a heading."""

    heading: Said
    told: tuple[Said, ...]

    def first(self, most: int) -> "Texts":
        """The heading with so many of them."""
        return Texts(self.heading, self.told[:most])


@dataclass(frozen=True)
class Paper:
    """A whole report. `mark` is its standing, told on every page; `is_final` unless it is provisional.

    `headlines` are two, `figures` six. `texts` begin on the first page, `parts` follow on further ones, in their order.
    """

    event: Said
    heading: Said
    day: Said
    mark: Said
    is_final: bool
    headlines: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    texts: tuple[Texts, ...]
    parts: tuple[Chart | Listing, ...]
    foot: str
    page: Said  # with %(page)s and %(pages)s
