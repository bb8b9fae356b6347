"""Random plans with awkward texts, and the plan that reading their documents has to give."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from measures import rules
from measures.enums import Status
from measures.exchange.document.text import collapse
from measures.exchange.document.tree import (
    ActionText,
    CodeMention,
    Link,
    MeasureText,
    PlanText,
    ResultText,
    TaskText,
)
from measures.rules import Progress
from measures.tree.rows import (
    ActionRow,
    CodeRow,
    LinkRow,
    MeasureRow,
    NameRow,
    Note,
    PlanTree,
    ResultRow,
    TaskRow,
)

from ..make_rows import AS_OF, make_action_row, make_result_row, make_tree

# What the reader of other documents takes for marks, numbers, labels or markup, and what breaks files.
PIECES = (
    *("–", "-", "o", "○", "•", ";", ":", ".", ",", "*", "#", "**", "–2024", "; –", "; o", "2023 –"),
    *("2023–2024", "2024", "2024-", "20024.", "(esant poreikiui)", "(", ")", "m.", "1.", "1.1.1.", "6.."),
    *("<b>", "</p>", "&amp;", "<a href=x>", "<!--", "]]>", "{{ x }}", "=1+1", "+1", "@SUM(A1)", "|"),
    *("\u202eatgal", "\u200f", "🌊", "👩‍🔬", "ąčęėįšųūž", "„citata“", "‚mažesnė‘", "10\u00a0%", "é", "中文"),
    *("2 uždavinys:", "TIKSLAS:", "Priemonė", "KRSS2030", "„Ugdantis regionas“", "VEIKLOS", "planas"),
)
HREFS = (
    "#",
    "#vieta",
    "https://pavyzdys.lt/a?b=1&c=„2“",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "\\\\x\\y",
)
CODES = (
    CodeRow("I.1.1.1", "Pirmas", "measure", "I", "KRSS2030 I.1.1.1. priemonė", ""),
    CodeRow("II.1.1.1", "Antras", "measure", "II", "", ""),
    CodeRow("II.1.2.1.1", "Trečias", "action", "II", "II.1.2.1.1", ""),
    CodeRow("Ugdantis regionas", "Ugdantis regionas", "priority", "", "", ""),
    CodeRow("Atviras regionas", "Atviras regionas", "priority", "", "", ""),
)
PERIODS = {
    "2023": (2023, 2023),
    "2023–2024": (2023, 2024),
    "2023-2024": (2023, 2024),
    "2024 – 2025.": (2024, 2025),
    "2024-": (2024, None),
    "2023–20024": (2023, 2024),
    "2024;": (2024, 2024),
}
_WORDS = st.sampled_from(PIECES) | st.text("aąbcčdeęĄŽx0", min_size=1, max_size=8)
# A code in parentheses is a reference, wherever it stands: no word of a title.
_REFERENCE = re.compile(r"KRSS2030\s+\S*[0-9]\.[0-9]")


def _text(words: list[str], word: str, index: int) -> str:
    text = " ".join([*words[:index], word, *words[index:]])
    while text != collapse(text):
        text = collapse(text)
    return text


def texts() -> st.SearchStrategy[str]:
    """Return texts with single spaces and at least one word."""
    word = st.sampled_from(("žodis", "Plėtra", "2024"))
    return st.builds(_text, st.lists(_WORDS, max_size=5), word, st.integers(0, 5))


titles = texts().filter(lambda text: not _REFERENCE.search(text))
names = texts().map(lambda text: collapse(text.replace(";", ""))).filter(lambda text: re.search(r"\w", text))
codes = st.lists(st.sampled_from(CODES), unique=True, max_size=3)


@st.composite
def links_in(draw: st.DrawFn, text: str) -> tuple[LinkRow, ...]:
    """Draw links on words of a text, in their order."""
    words = text.split(" ")
    cuts = sorted(draw(st.lists(st.integers(0, len(words)), max_size=4, unique=True)))
    stretches = [words[first:last] for first, last in zip(cuts[::2], cuts[1::2], strict=False)]
    return tuple(LinkRow(collapse(" ".join(words)), draw(st.sampled_from(HREFS))) for words in stretches)


@st.composite
def results(draw: st.DrawFn, number: str) -> tuple[ResultRow, ...]:
    """Draw the results of an action; some have no period, or that of a later one."""
    rows: list[ResultRow] = []
    listed: tuple[Any, Any] = (None, None)
    for index in range(draw(st.integers(0, 4)), 0, -1):
        period = draw(st.sampled_from(["", "", *PERIODS]))
        years = PERIODS.get(period) or draw(st.sampled_from([(None, None), listed]))
        listed = years if period else listed
        text = draw(texts())
        status = draw(st.sampled_from(Status))
        progress = Progress(status, rules.percent_for(status, draw(st.none() | st.integers(0, 100))))
        note = draw(st.none() | st.builds(Note, st.integers(1, 2), st.just(AS_OF), texts()))
        rows.append(
            replace(
                make_result_row(number, index, progress, date(2024, 12, 31)),
                text=text,
                sub_items=tuple(draw(st.lists(texts(), max_size=3))),
                links=draw(links_in(text)),
                first_year=years[0],
                last_year=years[1],
                years="",
                period_text=period,
                note=note,
            )
        )
    return tuple(rows[::-1])


@st.composite
def actions(draw: st.DrawFn, number: str) -> ActionRow:
    """Draw an action; the last of its links may have words that are found nowhere."""
    title, lead_in = draw(titles), draw(st.just("") | texts())
    lost = draw(st.just(()) | st.just((LinkRow("niekur nėra", "https://pavyzdys.lt/"),)))
    return make_action_row(
        number,
        draw(results(number)),
        tuple(draw(codes)),
        title=title,
        lead_in=lead_in,
        links=draw(links_in(title)) + draw(links_in(lead_in)) + lost,
        owner=draw(st.just("") | texts()),
        resources=tuple(NameRow(name, name) for name in draw(st.lists(names, max_size=3))),
        partners=tuple(NameRow(name, name) for name in draw(st.lists(names, max_size=3))),
    )


@st.composite
def plans(draw: st.DrawFn) -> PlanTree:
    """Draw a plan."""
    tasks = []
    for task in range(1, draw(st.integers(1, 2)) + 1):
        measures = []
        for index in range(1, draw(st.integers(1, 2)) + 1):
            number = f"{task}.{index}"
            rows = [draw(actions(f"{number}.{n}")) for n in range(1, draw(st.integers(1, 2)) + 1)]
            as_written = draw(st.sampled_from([number, f"{number}.", f"{task}.."]))
            title = draw(titles)
            measures.append(MeasureRow(number, as_written, title, tuple(draw(codes)), tuple(rows)))
        tasks.append(TaskRow(str(task), draw(texts()), tuple(measures)))
    title = draw(texts() | st.just("VEIKLOS PLANAS 2023-2024 M."))
    goal, organisation = draw(st.just("") | texts()), draw(st.just("") | names)
    return replace(make_tree([]), title=title, goal=goal, organisation=organisation, tasks=tuple(tasks))


def text_of(tree: PlanTree) -> PlanText:
    """Return the plan as its document has it; conditions are told by the texts themselves."""
    return PlanText(
        tree.organisation,
        tree.title,
        tree.goal,
        tree.first_year,
        tree.last_year,
        tuple(
            TaskText(
                task.number,
                task.title,
                tuple(
                    MeasureText(
                        measure.number,
                        measure.number_as_written,
                        measure.title,
                        _mentions(measure.title, measure.codes),
                        tuple(map(_action_text, measure.actions)),
                    )
                    for measure in task.measures
                ),
            )
            for task in tree.tasks
        ),
    )


def _action_text(action: ActionRow) -> ActionText:
    return ActionText(
        action.number,
        action.title,
        action.lead_in,
        _mentions(action.title, action.codes),
        _links(action.links),
        tuple(_result_text(result) for result in action.results),
        tuple(name for row in action.resources for name in row.as_written.split("; ")),
        tuple(name for row in action.partners for name in row.as_written.split("; ")),
    )


def _result_text(result: ResultRow) -> ResultText:
    return ResultText(
        result.text,
        result.sub_items,
        result.first_year,
        result.last_year,
        result.period_text,
        "",
        _links(result.links),
    )


def _links(links: tuple[LinkRow, ...]) -> tuple[Link, ...]:
    return tuple(Link(link.text, link.href) for link in links)


def _mentions(title: str, rows: tuple[CodeRow, ...]) -> tuple[CodeMention, ...]:
    words: dict[str, Any] = {"measure": "priemonė", "action": "veiksmas"}
    numbered = [
        CodeMention(row.code, row.kind, row.as_written or f"KRSS2030 {row.code}. {words[row.kind]}")  # type: ignore[arg-type]
        for row in rows
        if not row.is_priority
    ]
    named = [
        CodeMention(row.code, "priority", row.code)
        for row in rows
        if row.is_priority and f"„{row.code}“" not in title
    ]
    return (*numbered, *named)


def without_conditions(plan: PlanText) -> PlanText:
    """Return the plan as if no result depended on anything."""
    return replace(
        plan,
        tasks=tuple(
            replace(
                task,
                measures=tuple(
                    replace(
                        measure,
                        actions=tuple(
                            replace(
                                action,
                                results=tuple(replace(result, condition="") for result in action.results),
                            )
                            for action in measure.actions
                        ),
                    )
                    for measure in task.measures
                ),
            )
            for task in plan.tasks
        ),
    )
