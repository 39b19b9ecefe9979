"""What organisers say of a webhook."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, StringField
from wtforms.validators import ValidationError

from checkin.registration.fields import Given, Within, some
from checkin.webhooks.model import AddressProblem, Problem, Topic
from checkin.webhooks.policy import ADDRESS_LONGEST, read_address

TOPICS: Final = {
    Topic.ATTENDANCE_CHANGED: _l("Figures of attendance changed (at most once a minute)"),
    Topic.BADGE_REVOKED: _l("A badge was revoked"),
    Topic.DAY_CLOSED: _l("A day was closed and its report signed"),
    Topic.DEVICE_SILENT: _l("A tablet has fallen silent during the show"),
    Topic.TEST: _l("A test"),
}
ADDRESS_PROBLEMS: Final = {
    AddressProblem.NOT_HTTPS: _l("Please give an address that begins with https://: others can be read on their way."),
    AddressProblem.NOT_AN_ADDRESS: _l(
        "This is no address. It looks like https://hooks.example.org/expo, in Latin letters."
    ),
    AddressProblem.HAS_PASSWORD: _l("Please leave out the user name and password: messages are signed instead."),
    AddressProblem.PRIVATE: _l(
        "This leads to a machine of a private network. Only addresses of the internet are told."
    ),
}
PROBLEMS: Final = {
    Problem.NAME: _l("There is no machine of this name."),
    Problem.PRIVATE: _l("The name leads to a private network, so nothing was sent."),
    Problem.NO_CONNECTION: _l("Nobody answered there."),
    Problem.CERTIFICATE: _l("Its certificate is not valid for this name."),
    Problem.NO_TLS: _l("It does not speak HTTPS."),
    Problem.TIME: _l("It took longer than ten seconds."),
    Problem.NO_ANSWER: _l("It hung up, or answered something else."),
    Problem.REDIRECT: _l("It sent us elsewhere, where we do not go. Give its final address."),
    Problem.REFUSED: _l("It refused the message."),
    Problem.STALE: _l("Our worker ended in the middle of it."),
}


class _Address:
    """The text is an address that may be told something."""

    def __call__(self, form: Form, field: Field) -> None:
        found = read_address(field.data or "")
        if isinstance(found, AddressProblem):
            raise ValidationError(str(ADDRESS_PROBLEMS[found]))


class TopicsForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """Of what it is told."""

    topics = some(_l("What it is told"), Given(_l("Please tick at least one.")))

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        self.topics.choices = [(topic.value, words) for topic, words in TOPICS.items() if topic is not Topic.TEST]

    def wanted(self) -> frozenset[Topic]:
        """What was ticked."""
        return frozenset(Topic(topic) for topic in self.topics.data or () if topic)


class WebhookForm(TopicsForm):
    """A webhook to add."""

    address = StringField(
        _l("Address"),
        [Given(_l("Please give the address.")), Within(ADDRESS_LONGEST), _Address()],
        filters=[lambda text: (text or "").strip()],
        description=_l("As the other system gives it: https://hooks.example.org/expo"),
        render_kw={"autocomplete": "off", "dir": "ltr", "inputmode": "url", "maxlength": str(ADDRESS_LONGEST)},
    )
