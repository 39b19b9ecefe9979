"""HTTP for webhooks: add one, see how its messages fare, test it, change it, turn it off, remove it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from checkin import clock
from checkin.organise.views import bp
from checkin.organise.webhook_forms import TopicsForm, WebhookForm
from checkin.organise.webhooks import Line, Message
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import ERRORS, chosen_language, database, error_answer, site
from checkin.webhooks import service
from checkin.webhooks.model import Webhook
from checkin.webhooks.policy import LASTS, MOST_WEBHOOKS
from checkin.webhooks.signature import secret_of
from checkin.webhooks.tasks import wake

MOST_MESSAGES = 30
_ONE = "/organise/webhooks/<int:webhook_id>"


@bp.get("/organise/webhooks")
@required(Role.ORGANISER)
def show_webhooks() -> ResponseReturnValue:
    """Every webhook, and a form for another."""
    return _list_page(WebhookForm())


@bp.post("/organise/webhooks")
@required(Role.ORGANISER)
def add_webhook() -> ResponseReturnValue:
    """Add one, and show its secret, this once."""
    form, staff = WebhookForm(), current_staff()
    if not form.validate():
        return _list_page(form, 422)
    try:
        with database().transaction() as session:
            webhook = service.add(
                session,
                address=form.address.data or "",
                topics=form.wanted(),
                by=staff.name,
                actor=staff.actor,
                now=clock.now(),
            )
    except service.TooManyWebhooksError:
        form.address.errors = [gettext("There are %(most)d already: remove one first.", most=MOST_WEBHOOKS)]
        return _list_page(form, 422)
    return _page(webhook, is_new=True)


@bp.get(_ONE)
@required(Role.ORGANISER)
def show_webhook(webhook_id: int) -> ResponseReturnValue:
    """One webhook, its newest messages, and what can be done with it."""
    with database().snapshot() as session:
        webhook = service.get_webhook(session, webhook_id)
    return _page(webhook)


@bp.post(_ONE)
@required(Role.ORGANISER)
def change_webhook(webhook_id: int) -> ResponseReturnValue:
    """Tell it of other things from now on."""
    form = TopicsForm()
    if not form.validate():
        with database().snapshot() as session:
            webhook = service.get_webhook(session, webhook_id)
        return _page(webhook, form, status=422)
    with database().transaction() as session:
        service.change(session, webhook_id, form.wanted(), actor=current_staff().actor, now=clock.now())
    flash(gettext("Changed: it is told of this from now on."))
    return _to(webhook_id)


@bp.post(f"{_ONE}/test")
@required(Role.ORGANISER)
def test_webhook(webhook_id: int) -> ResponseReturnValue:
    """Send it a test."""
    with database().transaction() as session:
        service.test(session, webhook_id, actor=current_staff().actor, now=clock.now())
    wake(site())
    flash(gettext("The test is on its way. Load this page again to see whether it arrived."))
    return _to(webhook_id)


@bp.post(f"{_ONE}/turn")
@required(Role.ORGANISER)
def turn_webhook(webhook_id: int) -> ResponseReturnValue:
    """Turn it on, or off."""
    on = request.form.get("on") == "yes"
    with database().transaction() as session:
        service.turn(session, webhook_id, on=on, actor=current_staff().actor, now=clock.now())
    flash(gettext("It is on: what happens from now on is told.") if on else gettext("It is off: it is told nothing."))
    return _to(webhook_id)


@bp.route(f"{_ONE}/secret", methods=["GET", "POST"])
@required(Role.ORGANISER)
def renew_webhook_secret(webhook_id: int) -> ResponseReturnValue:
    """Asks first; then shows a new secret, this once."""
    if request.method == "GET":
        return _ask(webhook_id, "organise/webhook_secret.html")
    with database().transaction() as session:
        webhook = service.renew_secret(session, webhook_id, actor=current_staff().actor, now=clock.now())
    return _page(webhook, is_new=True)


@bp.route(f"{_ONE}/remove", methods=["GET", "POST"])
@required(Role.ORGANISER)
def remove_webhook(webhook_id: int) -> ResponseReturnValue:
    """Asks first; then it is told nothing more."""
    if request.method == "GET":
        return _ask(webhook_id, "organise/webhook_remove.html")
    with database().transaction() as session:
        service.remove(session, webhook_id, actor=current_staff().actor, now=clock.now())
    flash(gettext("Removed: it is told nothing more."))
    return redirect(url_for("organise.show_webhooks"), 303)


@bp.errorhandler(service.NoSuchWebhookError)
def _no_such_webhook(_error: service.NoSuchWebhookError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


def _to(webhook_id: int) -> ResponseReturnValue:
    return redirect(url_for("organise.show_webhook", webhook_id=webhook_id), 303)


def _ask(webhook_id: int, template: str) -> str:
    with database().snapshot() as session:
        webhook = service.get_webhook(session, webhook_id)
    return render_template(template, webhook=webhook)


def _list_page(form: WebhookForm, status: int = 200) -> ResponseReturnValue:
    with database().snapshot() as session:
        counts = service.counts(session)
        lines = [
            Line(one, counts.get(one.id, {}), next(iter(_messages(session, one, 1)), None))
            for one in service.all_webhooks(session)
        ]
    return render_template("organise/webhooks.html", form=form, lines=lines, hours=LASTS.seconds // 3600), status


def _page(
    webhook: Webhook, form: TopicsForm | None = None, *, is_new: bool = False, status: int = 200
) -> ResponseReturnValue:
    """`is_new`: its secret is shown, which no other page does."""
    if form is None:
        form = TopicsForm(formdata=None, topics=[topic.value for topic in webhook.topics])
    with database().snapshot() as session:
        messages = _messages(session, webhook, MOST_MESSAGES)
        line = Line(webhook, service.counts(session).get(webhook.id, {}), messages[0] if messages else None)
    secret = secret_of(site().settings.secret_key, webhook.salt) if is_new else ""
    return render_template("organise/webhook.html", form=form, line=line, messages=messages, secret=secret), status


def _messages(session: Session, webhook: Webhook, most: int) -> list[Message]:
    now, language = clock.now(), chosen_language()
    found = service.latest(session, webhook.id, most=most)
    return [Message(one, site().event, now, language) for one in found]
