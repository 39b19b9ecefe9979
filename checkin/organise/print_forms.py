"""What organisers choose for a print run."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import TextArea

from checkin.event.model import Event
from checkin.printruns.model import Choice, Layout, Order, Which
from printing import Sheet

MOST_CODES = 20_000  # characters: some 1,600 people
_CODES = _l("One short code to a line, as 7K3M-9QXD-C, or badges scanned one after the other.")


class PrintForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """Which badges, in which order, on what."""

    which = RadioField(
        _l("Which badges"),
        default=Which.UNPRINTED.value,
        choices=[
            SelectChoice(Which.UNPRINTED.value, _l("Not printed yet")),
            SelectChoice(Which.CHANGED.value, _l("Changed since they were printed")),
            SelectChoice(Which.ALL.value, _l("All of them")),
            SelectChoice(Which.PEOPLE.value, _l("Only these people")),
        ],
    )
    category = SelectField(_l("Category"), validate_choice=True)
    codes = TextAreaField(
        _l("Short codes"),
        [Length(max=MOST_CODES, message=_l("That is too much at once: choose some hundred people at most."))],
        description=_CODES,
        widget=TextArea(),
        render_kw={"rows": 3, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"},
    )
    words = StringField(
        _l("Find a person"),
        description=_l("Name, organisation, phone or short code"),
        render_kw={"dir": "auto", "autocomplete": "off", "maxlength": 120},
    )
    person = SelectMultipleField(_l("Found"), validate_choice=False)
    template = SelectField(_l("Template"), validate_choice=True)
    sheet = SelectField(_l("Paper"), validate_choice=True)
    order = RadioField(
        _l("In which order"),
        default=Order.NAME.value,
        choices=[
            SelectChoice(Order.NAME.value, _l("By name, for filling holders")),
            SelectChoice(Order.CATEGORY.value, _l("By category, then name")),
            SelectChoice(Order.COMPANY.value, _l("By company, with a cover sheet to sign for each")),
        ],
    )
    first = IntegerField(
        _l("First free place"),
        [Optional(), NumberRange(1, 100, _l("Please write a number from 1 to 100."))],
        default=1,
        description=_l("Of a half-used sheet, counted by rows; 1 for a new one"),
        render_kw={"inputmode": "numeric", "min": 1, "max": 100, "autocomplete": "off"},
    )
    both_sides = BooleanField(_l("Backs too, for a printer that prints both sides"))

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        for field in (self.which, self.category, self.template, self.sheet, self.order):
            field.flags.required = True  # each always has an answer: nobody reads *(optional)* beside it

    def offer(
        self, event: Event, templates: Iterable[tuple[str, str]], sheets: dict[str, Sheet], language: str
    ) -> None:
        """Offer the event's categories, these templates, and these sheets."""
        self._sheets = sheets
        self.category.choices = [("", gettext("All categories"))]
        self.category.choices += [(one.slug, one.named(language)) for one in event.categories]
        self.template.choices = list(templates)
        self.sheet.choices = [("", gettext("Each badge on a page of its own"))]
        self.sheet.choices += [(sheet.name, sheet.title) for sheet in sheets.values()]

    @property
    def given_codes(self) -> tuple[str, ...]:
        """The short codes that were pasted, scanned or ticked; each once."""
        pasted = (line.strip() for line in (self.codes.data or "").replace(",", "\n").replace(";", "\n").splitlines())
        return tuple(dict.fromkeys([*filter(None, pasted), *(self.person.data or ())]))

    @property
    def layout(self) -> Layout:
        """How they are printed."""
        return Layout(
            template=self.template.data,
            sheet=self.sheet.data,
            order=Order(self.order.data),
            both_sides=bool(self.both_sides.data),
            first=(self.first.data or 1) - 1 if self.sheet.data else 0,
        )

    def choice(self, numbers: tuple[int, ...]) -> Choice:
        """Which badges; `numbers` are those of the given codes."""
        which = Which(self.which.data)
        if which is Which.PEOPLE:
            return Choice(which=which, numbers=numbers)
        return Choice(which=which, category=self.category.data)

    def validate_first(self, field: IntegerField) -> None:
        """The place must be one of the sheet's."""
        sheet = self._sheets.get(self.sheet.data)
        if sheet and field.data and field.data > sheet.places:
            raise ValidationError(gettext("This paper has %(places)s places.", places=sheet.places))

    def validate_codes(self, field: TextAreaField) -> None:
        """Chosen people must be chosen."""
        if self.which.data == Which.PEOPLE and not self.given_codes:
            raise ValidationError(gettext("Paste short codes, or find people and tick them."))
