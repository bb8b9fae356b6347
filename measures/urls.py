"""Addresses of the pages on which the plan is worked on."""

from django.urls import path

from .views.action import action

app_name = "measures"
urlpatterns = [
    path("<slug:slug>/veiksmai/<str:number>/", action, name="action"),
]
