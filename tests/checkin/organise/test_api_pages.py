"""The API described: for programs and on a page, as it is."""

from __future__ import annotations

import html
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.apikeys.model import Scope
from checkin.apikeys.policy import MOST_A_MINUTE
from checkin.attendance.answers import AttendanceAnswer
from checkin.database import Database
from checkin.organise.payloads import PAYLOADS, ErrorAnswer
from checkin.webhooks.model import Topic
from tests.checkin.apikeys.keys import bearer, make_key

DOCUMENT = "/api/v1/openapi.json"


def test_the_answer_about_attendance_is_what_its_schema_says(client: FlaskClient, database: Database) -> None:
    text = make_key(database).text
    for query in ("", "?day=2026-01-24"):
        answer = client.get(f"/api/v1/attendance{query}", headers=bearer(text))
        AttendanceAnswer.model_validate_json(answer.data)
    said = client.get(DOCUMENT).json["paths"]["/api/v1/attendance"]["get"]
    schema = said["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert "#/components/schemas/AttendanceAnswer" == schema
    fields = client.get(DOCUMENT).json["components"]["schemas"]["AttendanceAnswer"]["properties"]
    assert set(fields) == set(answer.json)


def test_it_tells_who_may_and_with_which_scope(client: FlaskClient) -> None:
    document = client.get(DOCUMENT).json
    assert [{"session": []}, {"key": ["attendance:read"]}] == document["paths"]["/api/v1/attendance"]["get"]["security"]
    assert [{"key": ["metrics:read"]}] == document["paths"]["/metrics"]["get"]["security"]
    assert [] == document["paths"]["/api/v1/devices"]["post"]["security"]
    assert {"device", "session", "key"} == set(document["components"]["securitySchemes"])


def test_each_scope_opens_something_that_is_described(client: FlaskClient) -> None:
    text = json.dumps(client.get(DOCUMENT).json["paths"])
    assert [] == [scope.value for scope in Scope if f'"{scope.value}"' not in text]


def test_errors_are_what_their_schema_says(client: FlaskClient, database: Database) -> None:
    text = make_key(database).text
    for path, headers in (("?day=2026-02-30", bearer(text)), ("", bearer("no key")), ("", {})):
        answer = client.get(f"/api/v1/attendance{path}", headers=headers)
        assert answer.status_code == ErrorAnswer.model_validate(answer.json).error.status
        assert answer.status_code in {400, 401}


def test_every_reference_leads_somewhere(client: FlaskClient) -> None:
    document = client.get(DOCUMENT).json
    names = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert names == names & set(document["components"]["schemas"])


def test_every_described_path_is_there_and_every_path_of_the_api_is_described(app: Flask, client: FlaskClient) -> None:
    said = {
        (path.replace("{", "<").replace("}", ">"), method.upper())
        for path, methods in client.get(DOCUMENT).json["paths"].items()
        for method in methods
    }
    there = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert said <= there
    assert {pair for pair in there if pair[0].startswith("/api/v1/")} <= said


def test_every_topic_of_the_webhooks_has_a_payload(client: FlaskClient) -> None:
    assert set(Topic) == set(PAYLOADS)
    assert {topic.value for topic in Topic} == set(client.get(DOCUMENT).json["webhooks"])


def test_the_document_is_english_whoever_asks(client: FlaskClient) -> None:
    assert client.get(DOCUMENT).data == client.get(f"{DOCUMENT}?lang=ur", headers={"Accept-Language": "ur"}).data


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_page_shows_it_with_an_example_to_copy(organiser: FlaskClient, language: str) -> None:
    page = html.unescape(organiser.get(f"/organise/api?lang={language}").text)
    assert 'curl -H "Authorization: Bearer $CHECKIN_KEY" "http://localhost' in page
    assert "/api/v1/attendance?day=2026-01-24" in page
    for word in (
        "attendance:read",
        "metrics:read",
        "badge.revoked",
        "webhook-signature",
        "openapi.json",
        "first_time",
        f" {MOST_A_MINUTE} ",
    ):
        assert word in page, word
