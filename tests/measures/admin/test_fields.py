"""Lists of texts and links are edited as plain lines."""

import pytest
from django.core.exceptions import ValidationError

from akr_plan.guarded_admin import parse_id
from measures.admin.fields import LinesField, LinksField, OneLineField, PlainTextField

AKR = {"text": "AKR | svetainė", "href": "https://example.org/a?b=c"}


def test_lines_are_items():
    field = LinesField(required=False)

    assert field.clean("pirmas\r\n\r\n  antras \n") == ["pirmas", "antras"]
    assert field.clean("") == []
    assert field.prepare_value(["pirmas", "antras"]) == "pirmas\nantras"


def test_typed_lines_are_shown_again_as_typed():
    field = LinksField(required=False)

    assert field.prepare_value(field.bound_data("be adreso", [])) == "be adreso"


def test_links_go_there_and_back():
    field = LinksField(required=False)

    assert field.clean(field.prepare_value([AKR])) == [AKR]
    assert field.clean("Paštas|mailto:akr@example.org") == [
        {"text": "Paštas", "href": "mailto:akr@example.org"}
    ]


@pytest.mark.parametrize(
    "line",
    [
        "be adreso",
        "tekstas | ",
        "x | javascript:alert(1)",
        "x | JavaScript://%0aalert(1)",
        "x | data:text/html,x",
        "x | /vietinis",
        "x | https://a b",
    ],
)
def test_links_need_an_address_of_the_web_or_of_mail(line):
    with pytest.raises(ValidationError):
        LinksField(required=False).clean(line)


@pytest.mark.parametrize("field", [LinesField(), LinksField(), PlainTextField(), OneLineField()])
def test_null_characters_are_refused(field):
    with pytest.raises(ValidationError):
        field.clean("a\0b | https://example.org")


@pytest.mark.parametrize(
    ("initial", "data", "expected"),
    [
        ([], "", False),
        (None, "", False),
        (["a", "b"], "a\r\nb", False),
        (["a", "b"], "a", True),
        ([], "\0", True),
    ],
)
def test_only_other_lines_are_a_change(initial, data, expected):
    assert LinesField(required=False).has_changed(initial, data) is expected


def test_line_ends_of_browsers_are_no_change():
    assert not PlainTextField().has_changed("a\n\nb", "a\r\n\r\nb")
    assert PlainTextField().clean("a\r\nb") == "a\nb"


def test_one_line_stays_one_line():
    assert OneLineField().clean(" a\r\n b\nc ") == "a b c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1), (1, 1), ("9223372036854775807", 2**63 - 1), ("9223372036854775808", None)]
    + [(text, None) for text in ("", None, "-1", "abc", "²", "1.0", "9" * 5000, "1\n")],
)
def test_ids(text, expected):
    assert parse_id(text) == expected
