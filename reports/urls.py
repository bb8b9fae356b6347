"""Addresses of the pages and files that show the plan."""

from django.urls import path, register_converter

from . import (
    views,
    views_attention,
    views_changes,
    views_direction,
    views_packs,
    views_parties,
    views_pdf,
    views_results,
    views_rules,
    views_strategy,
    views_timeline,
    views_word,
)
from .attention import Section
from .converters import CodeConverter, NameConverter
from .parties import PartyKind

register_converter(CodeConverter, "code")

register_converter(NameConverter, "name")

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/", views.dashboard, name="dashboard"),
    path("<slug:slug>/demesio/", views_attention.attention, name="attention"),
    path("<slug:slug>/taisykles/", views_rules.rules, name="rules"),
    path("<slug:slug>/planas/", views.plan, name="plan"),
    path("<slug:slug>/laiko-juosta/", views_timeline.timeline, name="timeline"),
    path("<slug:slug>/rezultatai/", views.results, name="results"),
    path("<slug:slug>/krss2030/", views_strategy.strategy, name="strategy"),
    path("<slug:slug>/krss2030/kryptis/<str:key>/", views_direction.direction, name="direction"),
    path("<slug:slug>/krss2030/<code:code>/", views_strategy.code, name="code"),
    path("<slug:slug>/pokyciai/", views_changes.changes, name="changes"),
    path("<slug:slug>/ataskaitos/", views.exports, name="exports"),
    path("<slug:slug>/ataskaitos/susirinkimui.xlsx", views.board_workbook, name="board_workbook"),
    path("<slug:slug>/ataskaitos/planas.docx", views_word.plan_document, name="plan_document"),
    path("<slug:slug>/ataskaitos/planas.pdf", views_pdf.plan_pdf, name="plan_pdf"),
    path("<slug:slug>/ataskaitos/paketai/", views_packs.new_pack, name="new_pack"),
    path("<slug:slug>/ataskaitos/paketai/<int:number>/", views_packs.pack_state, name="pack_state"),
    path("<slug:slug>/ataskaitos/paketai/<int:number>/is-naujo/", views_packs.pack_again, name="pack_again"),
    path("<slug:slug>/ataskaitos/paketai/<int:number>/<str:kind>/", views_packs.pack_file, name="pack_file"),
]

for ending in views_results.CONTENT_TYPES:
    urlpatterns.append(
        path(
            f"<slug:slug>/rezultatai.{ending}",
            views_results.results_file,
            {"ending": ending},
            name=f"results_{ending}",
        )
    )

# A file of one direction, and one of all.
for ending in views_direction.CONTENT_TYPES:
    for page, name in ("kryptis/<str:key>", f"direction_{ending}"), ("kryptys", f"directions_{ending}"):
        urlpatterns.append(
            path(
                f"<slug:slug>/krss2030/{page}.{ending}",
                views_direction.direction_file,
                {"ending": ending},
                name=name,
            )
        )

for section in Section:
    urlpatterns.append(
        path(
            f"<slug:slug>/demesio/{section.value}/",
            views_attention.attention_section,
            {"section": section},
            name=section.page,
        )
    )

# Partners, resources and projects have the same four addresses.
for word, kind in {
    "partneriai": PartyKind.PARTNER,
    "istekliai": PartyKind.RESOURCE,
    "projektai": PartyKind.PROJECT,
}.items():
    urlpatterns += [
        path(f"<slug:slug>/{word}/", views_parties.parties, {"kind": kind}, name=kind.list_page),
        path(f"<slug:slug>/{word}/<name:name>/", views_parties.party, {"kind": kind}, name=kind.value),
        path(
            f"<slug:slug>/{word}/<name:name>.xlsx",
            views_parties.party_workbook,
            {"kind": kind},
            name=f"{kind.value}_workbook",
        ),
        path(
            f"<slug:slug>/{word}/<name:name>.pdf",
            views_parties.party_pdf,
            {"kind": kind},
            name=f"{kind.value}_pdf",
        ),
    ]
