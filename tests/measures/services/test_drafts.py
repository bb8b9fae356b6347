"""Drafts: whose they are, what a token proves, how much is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.utils import timezone

from measures.models import Action, ProgressDraft
from measures.services.drafts import (
    MAX_CHARACTERS,
    discard_draft,
    find_draft,
    keep_draft,
    read_token,
    sign_form,
)
from measures.services.progress import record_progress
from tests.conftest import Cast
from tests.make import make_action, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    action = make_action(owner=cast.updater)
    make_result(action)
    return action


def kept(action: Action) -> list[tuple[str, dict[str, str]]]:
    return [(draft.author.username, draft.data) for draft in ProgressDraft.objects.filter(action=action)]


def test_newest_draft_takes_the_place_of_the_older(cast: Cast, action: Action) -> None:
    for words in ("Pirma", "Antra"):
        assert keep_draft(author=cast.updater, action=action, typed={"comment": words})
    assert kept(action) == [("ula", {"comment": "Antra"})]


def test_drafts_belong_to_their_author_alone(cast: Cast, action: Action) -> None:
    keep_draft(author=cast.updater, action=action, typed={"comment": "Mano"})
    assert find_draft(author=cast.coordinator, action=action) is None
    discard_draft(author=cast.coordinator, action=action)
    draft = find_draft(author=cast.updater, action=action)
    assert draft
    assert draft.data == {"comment": "Mano"}
    discard_draft(author=cast.updater, action=action)
    assert kept(action) == []


def test_too_much_is_not_kept_and_takes_nothing_away(cast: Cast, action: Action) -> None:
    assert keep_draft(
        author=cast.updater, action=action, typed={"comment": "ė" * (MAX_CHARACTERS - 1), "link": "x"}
    )
    assert not keep_draft(
        author=cast.updater, action=action, typed={"comment": "x" * MAX_CHARACTERS, "link": "x"}
    )
    assert kept(action)[0][1]["comment"].startswith("ė")


def test_nul_characters_are_left_out(cast: Cast, action: Action) -> None:
    keep_draft(author=cast.updater, action=action, typed={"comment": "a\0b"})
    assert kept(action) == [("ula", {"comment": "ab"})]


def test_draft_that_comes_after_the_saving_is_dropped(cast: Cast, action: Action) -> None:
    opened = timezone.now()
    keep = {"author": cast.updater, "action": action, "unless_saved_since": opened}
    record_progress(action=action, author=cast.coordinator, comment="Kieno nors kito")
    assert keep_draft(**keep, typed={"comment": "Rašau"})  # type: ignore[arg-type]
    assert len(kept(action)) == 1
    discard_draft(author=cast.updater, action=action)
    record_progress(action=action, author=cast.updater, comment="Išsaugota")
    assert keep_draft(**keep, typed={"comment": "Rašau"})  # type: ignore[arg-type]
    assert kept(action) == []


def test_token_names_person_action_and_moment(cast: Cast, action: Action) -> None:
    with time_machine.travel("2024-05-15 12:00:00+03:00", tick=False):
        token = sign_form(author=cast.updater, action=action)
        opened = read_token(token, slug=action.plan.slug, number="1.1.1")
        assert opened
        assert (opened.author(), opened.opened_at) == (cast.updater, timezone.now())


def test_token_of_another_action_or_plan_is_none(cast: Cast, action: Action) -> None:
    token = sign_form(author=cast.updater, action=action)
    assert read_token(token, slug=action.plan.slug, number="1.1.2") is None
    assert read_token(token, slug="kitas", number="1.1.1") is None


@pytest.mark.parametrize(
    "change", [lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), lambda token: ""]
)
def test_forged_token_is_none(cast: Cast, action: Action, change) -> None:
    token = change(sign_form(author=cast.updater, action=action))
    assert read_token(token, slug=action.plan.slug, number="1.1.1") is None


@pytest.mark.parametrize("token", ["x", ":::", "ė:ą:č", "a" * 100_000, "\0"])
def test_nonsense_is_none(action: Action, token: str) -> None:
    assert read_token(token, slug=action.plan.slug, number="1.1.1") is None


def test_signature_for_another_purpose_is_none(cast: Cast, action: Action) -> None:
    content = ["ula", *action.natural_key(), timezone.now().timestamp()]
    assert read_token(signing.dumps(content), slug=action.plan.slug, number="1.1.1") is None


def test_token_grows_old(cast: Cast, action: Action) -> None:
    token = sign_form(author=cast.updater, action=action)
    for age, is_valid in ((timedelta(days=29), True), (timedelta(days=31), False)):
        with time_machine.travel(timezone.now() + age, tick=False):
            assert (read_token(token, slug=action.plan.slug, number="1.1.1") is not None) is is_valid
