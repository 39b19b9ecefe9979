"""What each action of the journal is called. A test of the house finds an action that has no words here."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

ACTIONS: Final = {
    "staff.sign_in": _l("Signed in"),
    "staff.sign_out": _l("Signed out"),
    "staff.locked": _l("Sign-in locked after wrong passwords"),
    "staff.add": _l("Added a member of staff"),
    "staff.invite": _l("Invited a member of staff"),
    "staff.accept": _l("Chose a password"),
    "staff.end": _l("Ended a person's access"),
    "staff.set_pin": _l("Set the supervisor's PIN"),
    "people.list": _l("Looked at the list of people"),
    "people.search": _l("Searched for people"),
    "people.export": _l("Downloaded people as a file"),
    "scans.list": _l("Looked at the list of scans"),
    "visitor.view": _l("Looked at a person's page"),
    "visitor.correct": _l("Corrected a person"),
    "visitor.undo_correction": _l("Undid a correction"),
    "visitor.compare": _l("Compared two people"),
    "visitor.merge": _l("Merged two registrations of one person"),
    "visitor.separate": _l("Separated two people again"),
    "badge.replace": _l("Made a new badge; the old one is refused"),
    "badge.revoke": _l("Revoked a badge"),
    "badge.mark_printed": _l("Said that a badge is printed"),
    "badge.next_key": _l("Changed the key that signs badges"),
    "mail.send": _l("Sent a badge by mail"),
    "mail.send_again": _l("Sent a mail once more"),
    "import.take": _l("Uploaded a list to import"),
    "import.view": _l("Compared a list with people registered before"),
    "import.run": _l("Started an import"),
    "import.done": _l("Finished an import"),
    "import.discard": _l("Discarded an import"),
    "import.export": _l("Downloaded the rows of a list that have mistakes"),
    "print.make": _l("Made a print run of badges"),
    "print.export": _l("Downloaded a file of a print run"),
    "print.mark": _l("Marked a print run as printed"),
    "print.unmark": _l("Took back that a print run is printed"),
    "print.delete_files": _l("Deleted the files of a print run"),
    "device.open_pairing": _l("Made a code to pair a tablet"),
    "device.pair": _l("Paired a tablet"),
    "device.open_set": _l("Made a code for a set of tablets"),
    "device.end_set": _l("Ended the code of a set of tablets"),
    "device.retire": _l("Retired a tablet"),
    "device.rename": _l("Gave a tablet another name"),
    "device.move": _l("Sent a tablet to another gate"),
    "device.call_off_move": _l("Left a tablet where it is after all"),
    "quarantine.release": _l("Let the waiting scans of a tablet count"),
    "quarantine.discard": _l("Discarded the waiting scans of a tablet"),
    "outbox.take_in": _l("Took in a tablet's scans from a file"),
    "programme.hold": _l("Held a gate or a category"),
    "programme.release": _l("Ended a hold"),
    "report.close": _l("Closed a day and signed its report"),
    "report.mail": _l("Sent a day’s report by mail"),
    "oddity.view": _l("Looked at the discrepancies"),
    "oddity.settle": _l("Settled a discrepancy"),
    "oddity.reopen": _l("Opened a settled discrepancy again"),
    "arrivals.view": _l("Looked at the arrivals"),
    "arrivals.watch": _l("Put somebody on the watch list"),
    "arrivals.unwatch": _l("Took somebody off the watch list"),
    "key.make": _l("Made an API key"),
    "key.revoke": _l("Revoked an API key"),
    "webhook.add": _l("Added a webhook"),
    "webhook.change": _l("Changed what a webhook is told"),
    "webhook.turn_on": _l("Turned a webhook on"),
    "webhook.turn_off": _l("Turned a webhook off"),
    "webhook.renew_secret": _l("Gave a webhook a new secret"),
    "webhook.test": _l("Sent a test to a webhook"),
    "webhook.remove": _l("Removed a webhook"),
    "programme.reword": _l("Changed the message of a hold"),
    "programme.add": _l("Added a gate"),
    "programme.change": _l("Changed a gate"),
    "programme.close": _l("Closed a gate"),
    "programme.open": _l("Opened a gate again"),
    "programme.hours": _l("Changed the hours of a day"),
    "programme.undo": _l("Undid a change of a gate or of hours"),
    "attendance.rebuild": _l("Counted the attendance anew"),
    "epoch.renew": _l("Began anew after the database was put back"),
    "journal.view": _l("Looked at the journal"),
    "journal.export": _l("Downloaded the journal as a file"),
}
PERSONAL: Final = frozenset(
    {
        *("scans.list", "people.list", "people.search", "people.export", "visitor.view", "visitor.compare"),
        *("import.view", "import.export", "print.make", "print.export"),
        *("oddity.view", "arrivals.view"),
    }
)
"""What shows people's data to who did it, or puts it into a file."""

SUBJECTS: Final = {
    "visitor": _l("Person"),
    "device": _l("Tablet"),
    "gate": _l("Gate"),
    "day": _l("Day"),
    "category": _l("Category"),
    "print": _l("Print run"),
    "import": _l("Import"),
    "report": _l("Report"),
    "staff": _l("Staff"),
    "watch": _l("Watch list"),
    "key": _l("API key"),
    "webhook": _l("Webhook"),
}
ACTORS: Final = {
    "command line": _l("Command line"),
    "server": _l("The server"),
    "nobody": _l("Nobody signed in"),
}


def action_words(action: str) -> str:
    """`Signed in`; the action itself where an older version recorded it."""
    return str(ACTIONS.get(action, action))


def subject_words(subject: str) -> str:
    """`Person 17`, of `visitor:17`."""
    kind, _, which = subject.partition(":")
    if kind not in SUBJECTS or not which:
        return subject
    return str(gettext("%(kind)s %(number)s", kind=SUBJECTS[kind], number=which))
