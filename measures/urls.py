"""Addresses of the pages on which the plan is worked on."""

from django.urls import path

from . import views

app_name = "measures"
urlpatterns = [
    path("<slug:slug>/veiksmai/<str:number>/", views.action, name="action"),
]
