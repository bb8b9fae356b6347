"""Addresses of the pages on which the plan is worked on."""

from django.urls import path, register_converter

from .converters import DayConverter
from .views.action import action
from .views.bulk import bulk
from .views.drafts import discard, draft
from .views.evidence import evidence
from .views.history import action_history, history, undo
from .views.imports import (
    import_confirm,
    import_decide,
    import_discard,
    import_file,
    import_job,
    import_undo,
    imports,
)
from .views.my_actions import my_actions, my_form, my_row, nothing_new, owner_actions
from .views.periods import period, period_close, period_reopen, periods
from .views.withdrawals import withdraw
from .views.work_sheet import work_sheet

register_converter(DayConverter, "day")

app_name = "measures"
urlpatterns = [
    path("importas/", imports, name="imports"),
    path("importas/<uuid:code>/", import_job, name="import_job"),
    path("importas/<uuid:code>/sprendimai/", import_decide, name="import_decide"),
    path("importas/<uuid:code>/patvirtinti/", import_confirm, name="import_confirm"),
    path("importas/<uuid:code>/atmesti/", import_discard, name="import_discard"),
    path("importas/<uuid:code>/atsaukti/", import_undo, name="import_undo"),
    path("importas/<uuid:code>/failas/", import_file, name="import_file"),
    path("<slug:slug>/mano/", my_actions, name="my_actions"),
    path("<slug:slug>/mano/<str:username>/", owner_actions, name="owner_actions"),
    path("<slug:slug>/veiksmai/<str:number>/", action, name="action"),
    path("<slug:slug>/veiksmai/<str:number>/eilute/", my_row, name="my_row"),
    path("<slug:slug>/veiksmai/<str:number>/eilute/forma/", my_form, name="my_form"),
    path("<slug:slug>/veiksmai/<str:number>/naujo-nera/", nothing_new, name="nothing_new"),
    path("<slug:slug>/veiksmai/<str:number>/juodrastis/", draft, name="draft"),
    path("<slug:slug>/veiksmai/<str:number>/juodrastis/atmesti/", discard, name="discard_draft"),
    path("<slug:slug>/laikotarpiai/", periods, name="periods"),
    path("<slug:slug>/laikotarpiai/<day:starts_on>/", period, name="period"),
    path("<slug:slug>/laikotarpiai/<day:starts_on>/uzdaryti/", period_close, name="period_close"),
    path("<slug:slug>/laikotarpiai/<day:starts_on>/atverti/", period_reopen, name="period_reopen"),
    path("<slug:slug>/veiksmai/<str:number>/istorija/", action_history, name="action_history"),
    path("<slug:slug>/keisti/", bulk, name="bulk"),
    path("<slug:slug>/istorija/", history, name="history"),
    path("<slug:slug>/istorija/grazinti/", undo, name="undo"),
    path("<slug:slug>/veiksmai/<str:number>/irasai/<int:ordinal>/atsaukti/", withdraw, name="withdraw"),
    path("<slug:slug>/ataskaitos/darbo-lentele.xlsx", work_sheet, name="work_sheet"),
    path("dokumentai/<uuid:name>/", evidence, name="evidence"),
]
