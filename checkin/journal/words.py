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
    "visitor.view": _l("Looked at a person's page"),
    "visitor.correct": _l("Corrected a person"),
    "visitor.undo_correction": _l("Undid a correction"),
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
        *("people.list", "people.search", "people.export", "visitor.view"),
        *("import.view", "import.export", "print.make", "print.export"),
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
    "staff": _l("Staff"),
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
