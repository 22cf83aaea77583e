"""Settings of the cloud from the router to the request, and hints that name a setting that exists."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import pytest

from foggen import Router
from foggen.config import Settings
from foggen.errors import CloudRequiredError
from foggen_cloud.testing import FakeReply, RawServer, completion, says, stays_silent

from ..helpers import saying

QUESTION = "2 + 2 = ?\nA. 3\nB. 4"
CUT_OFF = FakeReply(body=completion(None, finish_reason="length"))


def test_case_25_the_router_s_options_reach_the_request() -> None:
    with RawServer(says("Final answer: B")) as server:
        options = {"cloud_url": server.url, "cloud_model": "m", "cloud_max_tokens": 8192}
        headers = {"X-Title": "FogGen"}
        with Router.open(mode="cloud-only", cloud_headers=headers, **options) as router:
            assert router.ask(QUESTION).label == "B"
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"x-title: foggen" in head.lower()
    assert json.loads(body)["max_tokens"] == 8192


def required(router: Router) -> CloudRequiredError:
    with router, pytest.raises(CloudRequiredError) as caught:
        router.ask(QUESTION)
    return caught.value


def test_case_25_the_hint_names_the_setting_that_allows_longer_replies() -> None:
    _, cloud = saying(CUT_OFF)
    error = required(Router.open(mode="cloud-only", cloud=cloud))
    assert "raise cloud_max_tokens (FOGGEN_CLOUD_MAX_TOKENS)" in error.hint
    names = re.findall(r"\bcloud_\w+", error.hint)
    assert names
    assert set(names) <= {entry.name for entry in fields(Settings)}


def test_the_hint_of_a_timeout_names_the_setting() -> None:
    with RawServer(stays_silent) as server:
        error = required(
            Router.open(
                mode="cloud-only", cloud_url=server.url, cloud_model="m", cloud_deadline_s=0.2
            )
        )
    assert "cloud_deadline_s (FOGGEN_CLOUD_DEADLINE_S)" in error.hint
