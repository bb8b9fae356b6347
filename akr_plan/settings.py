"""Settings, read strictly from the environment and an optional `.env`; a clone runs without any.

The table of variables is in README.md. What is unsafe in production is refused by `akr_plan.checks`.
"""

import os
import secrets
import sqlite3
import warnings
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / "data"

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def read_or_create_secret_key(path: Path) -> str:
    """Return the key kept in `path`, made on the first start so that no default key exists anywhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
IS_HTTPS = SITE_URL.startswith("https://")

DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY", default="") or read_or_create_secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[]) or [
    SITE_HOST,
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "akr_plan.apps.AkrPlanConfig",
    "akr_plan.apps.PlanAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "simple_history",
    "measures",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "akr_plan.body_limit.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "akr_plan.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "akr_plan.middleware.BadTextMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "akr_plan.urls"
WSGI_APPLICATION = "akr_plan.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "measures.navigation.navigation",
            ],
        },
    },
]


# --- database -------------------------------------------------------------------------------------

# Versions before these can corrupt a WAL database that has two connections (the "WAL-reset bug").
SQLITE_HAS_SAFE_WAL = (
    sqlite3.sqlite_version_info >= (3, 51, 3)
    or (3, 50, 7) <= sqlite3.sqlite_version_info < (3, 51)
    or (3, 44, 6) <= sqlite3.sqlite_version_info < (3, 45)
)

# In Lithuanian, for the catalogue cannot be asked before the settings are read.
DATABASE_URL_HELP = (
    "DATABASE_URL suprasti nepavyko. Rašykite sqlite:///data/plan.sqlite3 "
    "arba postgres://naudotojas:slaptažodis@serveris:5432/duomenų_bazė."
)


def read_database() -> dict[str, Any]:
    """Return Django's configuration of the database named by DATABASE_URL; SQLite paths may be relative."""
    try:
        with warnings.catch_warnings():
            # What it warns of (an unknown engine) is an error below.
            warnings.simplefilter("ignore")
            database: dict[str, Any] = env.db_url("DATABASE_URL", default="sqlite:///data/plan.sqlite3")
    except (KeyError, ValueError) as error:
        raise ImproperlyConfigured(DATABASE_URL_HELP) from error
    if database.get("ENGINE") == "django.db.backends.postgresql":
        # Compiling a statement anew takes PostgreSQL longer than any page's statements run.
        options = {"options": "-c jit=off", **database.get("OPTIONS", {})}
        return database | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    if database.get("ENGINE") != "django.db.backends.sqlite3" or database["NAME"] in ("", ":memory:"):
        raise ImproperlyConfigured(DATABASE_URL_HELP)
    path = BASE_DIR / database["NAME"]
    with suppress(OSError):
        # Where this fails the first connection says so, and the commands explain it.
        path.parent.mkdir(parents=True, exist_ok=True)
    journal_mode = "WAL" if SQLITE_HAS_SAFE_WAL else "DELETE"
    return database | {
        "NAME": path,
        "OPTIONS": {
            # Deferred transactions that read and then write fail with "database is locked" under load.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode={journal_mode}; PRAGMA synchronous=FULL;",
        },
    }


DATABASES = {"default": read_database()}

# Nothing may live in the memory of one of several processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


# --- people ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "akr_plan.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "akr_plan.rights.RightsBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=24).total_seconds())

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

SIMPLE_HISTORY_REVERT_DISABLED = True


# --- language and files ---------------------------------------------------------------------------

LANGUAGE_CODE = "lt"
LANGUAGES = [("lt", _("Lithuanian"))]
LOCALE_PATHS = [BASE_DIR / "akr_plan" / "locale", BASE_DIR / "akr_plan" / "locale_packages"]
FORMAT_MODULE_PATH = ["akr_plan.formats"]
TIME_ZONE = "Europe/Vilnius"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]


# --- security -------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
# A plan of 1,000 actions edited inline stays far below; the limit still bounds a hostile form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Twice what a form takes: so many are still answered by the form itself. Sizes: akr_plan.body_limit.
DATA_UPLOAD_MAX_NUMBER_FILES = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
