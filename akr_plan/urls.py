"""Addresses of the whole site."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from . import views

urlpatterns = [
    path("prisijungti/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("atsijungti/", auth_views.LogoutView.as_view(), name="logout"),
    path("slaptazodis/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path("slaptazodis/pakeistas/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path(
        "pirmasis-administratorius/<str:encoded_id>/<str:token>/",
        views.first_administrator,
        name="first_administrator",
    ),
    path("healthz", views.healthz, name="healthz"),
    path("administravimas/", admin.site.urls),
    path("", include("measures.urls")),
    path("", include("reports.urls")),
]
