"""Addresses of the pages and files that show the plan."""

from django.urls import path

from . import views, views_changes

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/", views.dashboard, name="dashboard"),
    path("<slug:slug>/planas/", views.plan, name="plan"),
    path("<slug:slug>/rezultatai/", views.results, name="results"),
    path("<slug:slug>/pokyciai/", views_changes.changes, name="changes"),
    path("<slug:slug>/ataskaitos/", views.exports, name="exports"),
    path("<slug:slug>/ataskaitos/susirinkimui.xlsx", views.board_workbook, name="board_workbook"),
]
