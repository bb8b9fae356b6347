"""Addresses of the pages and files that show the plan."""

from django.urls import path, register_converter

from .attention import Section
from .converters import CodeConverter, NameConverter
from .parties import PartyKind
from .views import (
    attention,
    changes,
    direction,
    packs,
    parties,
    pdf,
    plan,
    results,
    rules,
    strategy,
    timeline,
    word,
)

register_converter(CodeConverter, "code")

register_converter(NameConverter, "name")

app_name = "reports"
urlpatterns = [
    path("", plan.home, name="home"),
    path("<slug:slug>/", plan.dashboard, name="dashboard"),
    path("<slug:slug>/demesio/", attention.attention, name="attention"),
    path("<slug:slug>/taisykles/", rules.rules, name="rules"),
    path("<slug:slug>/planas/", plan.plan, name="plan"),
    path("<slug:slug>/laiko-juosta/", timeline.timeline, name="timeline"),
    path("<slug:slug>/rezultatai/", plan.results, name="results"),
    path("<slug:slug>/krss2030/", strategy.strategy, name="strategy"),
    path("<slug:slug>/krss2030/kryptis/<str:key>/", direction.direction, name="direction"),
    path("<slug:slug>/krss2030/<code:code>/", strategy.code, name="code"),
    path("<slug:slug>/pokyciai/", changes.changes, name="changes"),
    path("<slug:slug>/ataskaitos/", plan.exports, name="exports"),
    path("<slug:slug>/ataskaitos/susirinkimui.xlsx", plan.board_workbook, name="board_workbook"),
    path("<slug:slug>/ataskaitos/planas.docx", word.plan_document, name="plan_document"),
    path("<slug:slug>/ataskaitos/planas.pdf", pdf.plan_pdf, name="plan_pdf"),
    path("<slug:slug>/ataskaitos/paketai/", packs.new_pack, name="new_pack"),
    path("<slug:slug>/ataskaitos/paketai/<int:number>/", packs.pack_state, name="pack_state"),
    path("<slug:slug>/ataskaitos/paketai/<int:number>/is-naujo/", packs.pack_again, name="pack_again"),
    path("<slug:slug>/ataskaitos/paketai/<int:number>/<str:kind>/", packs.pack_file, name="pack_file"),
]

for ending in results.CONTENT_TYPES:
    urlpatterns.append(
        path(
            f"<slug:slug>/rezultatai.{ending}",
            results.results_file,
            {"ending": ending},
            name=f"results_{ending}",
        )
    )

# A file of one direction, and one of all.
for ending in direction.CONTENT_TYPES:
    for page, name in ("kryptis/<str:key>", f"direction_{ending}"), ("kryptys", f"directions_{ending}"):
        urlpatterns.append(
            path(
                f"<slug:slug>/krss2030/{page}.{ending}",
                direction.direction_file,
                {"ending": ending},
                name=name,
            )
        )

for section in Section:
    urlpatterns.append(
        path(
            f"<slug:slug>/demesio/{section.value}/",
            attention.attention_section,
            {"section": section},
            name=section.page,
        )
    )

# Partners, resources and projects have the same four addresses.
for word_of_kind, kind in {
    "partneriai": PartyKind.PARTNER,
    "istekliai": PartyKind.RESOURCE,
    "projektai": PartyKind.PROJECT,
}.items():
    urlpatterns += [
        path(f"<slug:slug>/{word_of_kind}/", parties.parties, {"kind": kind}, name=kind.list_page),
        path(f"<slug:slug>/{word_of_kind}/<name:name>/", parties.party, {"kind": kind}, name=kind.value),
        path(
            f"<slug:slug>/{word_of_kind}/<name:name>.xlsx",
            parties.party_workbook,
            {"kind": kind},
            name=f"{kind.value}_workbook",
        ),
        path(
            f"<slug:slug>/{word_of_kind}/<name:name>.pdf",
            parties.party_pdf,
            {"kind": kind},
            name=f"{kind.value}_pdf",
        ),
    ]
