"""The API as its document says, under the strange inputs that schemathesis thinks of, as a stranger and as staff."""

import json

import pytest
import schemathesis
from django.conf import settings
from hypothesis import HealthCheck, Phase, given, settings as hypothesis_settings
from schemathesis import checks

from siqian.web import tokens
from siqian.web.wsgi import application

DEMO_TOKENS = {"grid worker": "chen", "dispatcher": "liang", "resident": "zhou"}
NAMES = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
checks.load_all_checks()
CHECKS = [checks.CHECKS.get_one(name) for name in NAMES]


@pytest.fixture
def api(town, monkeypatch):
    monkeypatch.setattr(settings, "SIQIAN_DEMO", True)
    tokens.write(settings.SIQIAN_HOME, {role: (f"token-of-{name}", town.account(name)) for role, name in DEMO_TOKENS.items()})
    return schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@pytest.mark.parametrize("name", ["", *DEMO_TOKENS.values()])
def test_every_answer_is_one_that_the_document_names(api, name):
    headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer token-of-{name}"} if name else {})
    tried = set()
    for result in api.get_all_operations():
        operation = result.ok()
        tried.add((operation.method.upper(), operation.path))

        @hypothesis_settings(
            max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def walk(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        walk()
    assert ("POST", "/api/intake/{channel}") in tried and len(tried) >= 15


def test_a_method_that_is_not_allowed_is_answered_405(api, client):
    document = json.loads(client.get("/api/openapi.json").content)
    assert document["openapi"].startswith("3.")
    for path in document["paths"]:
        concrete = path.replace("{number}", "0713-0001").replace("{channel}", "api").replace("{code}", "ABC")
        for method in {"get", "put", "delete", "patch"} - set(document["paths"][path]):
            assert getattr(client, method)(concrete).status_code == 405, (method, path)
