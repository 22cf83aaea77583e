"""A model whose contract says that it only answers questions with options is not asked others."""

from __future__ import annotations

import pytest

from foggen import Settings
from foggen.engine.contract import Contract, from_metadata, to_metadata
from foggen.errors import CloudRequiredError
from foggen.testing import ScriptedEdge, scripted_router

from ..helpers import saying

OPTIONS_ONLY = Contract("qwen3", "scripted", answers_open=False)
TEXT = "Why is the sky blue?"


def test_the_cloud_answers_an_open_question_instead() -> None:
    edge, (_, cloud) = ScriptedEdge(contract=OPTIONS_ONLY), saying("Scattering.")
    with scripted_router(edge, cloud=cloud) as router:
        reply = router.ask_open(TEXT)
    assert reply.text == "Scattering." and reply.route == "cloud" and not reply.sure
    assert "questions with options" in reply.reason and edge.asked == []


@pytest.mark.parametrize("mode", ["auto", "edge-only"])
def test_it_is_refused_where_the_cloud_may_not_be_asked(mode: str) -> None:
    edge = ScriptedEdge(contract=OPTIONS_ONLY)
    with (
        scripted_router(edge, settings=Settings(mode=mode)) as router,
        pytest.raises(CloudRequiredError) as caught,
    ):
        router.ask_open(TEXT)
    assert caught.value.hint and edge.asked == []


def test_a_dry_run_sends_nothing() -> None:
    edge, (fake, cloud) = ScriptedEdge(contract=OPTIONS_ONLY), saying("Scattering.")
    with scripted_router(edge, cloud=cloud, settings=Settings(mode="dry-run")) as router:
        reply = router.ask_open(TEXT)
    assert reply.route == "cloud" and reply.text is None and "nothing was sent" in reply.reason
    assert fake.requests == [] and edge.asked == []


def test_a_question_with_options_is_asked_as_ever() -> None:
    with scripted_router(ScriptedEdge(contract=OPTIONS_ONLY)) as router:
        assert router.ask("1 + 1 = ? A) 2 B) 3").route == "edge"


def test_a_file_carries_it_and_one_without_it_answers() -> None:
    metadata = to_metadata(OPTIONS_ONLY)
    assert not from_metadata(metadata, "qwen3").answers_open
    del metadata["foggen.answers_open"]
    assert from_metadata(metadata, "qwen3").answers_open
