"""Settings of every installation; what differs between them comes from the environment.

`.env.example` lists the variables. With none set Gloss runs for one person on this machine: SQLite, loopback only,
debug off. A host name beyond loopback makes it a production site, with production's demands.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environs import Env

from reader import rates
from reader.sizes import MOST_BYTES_OF_TEXTS

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

# Where we are

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", LOOPBACK) or LOOPBACK
PRODUCTION = env.bool("PRODUCTION", default=not set(ALLOWED_HOSTS) <= set(LOOPBACK))
DEBUG = env.bool("DEBUG", default=False)


def local_secret_key() -> str:
    """Give this machine's own key, made on first use and readable by its owner only."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


SECRET_KEY = env.str("SECRET_KEY", "")
if PRODUCTION:
    if not SECRET_KEY:
        raise ImproperlyConfigured("A site with a public host name needs SECRET_KEY in its environment.")
    if DEBUG:
        raise ImproperlyConfigured("A site with a public host name must not run with DEBUG.")
SECRET_KEY = SECRET_KEY or local_secret_key()

# What it is made of

INSTALLED_APPS = [
    "annotations",
    "reader",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "reader.witnessing.WitnessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reader.middleware.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "reader.middleware.PlainRequestMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Above: what every answer needs. Below: who the reader is.
    "annotations.middleware.SharedPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reader.middleware.SignInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reader.middleware.StaffTwoFactorMiddleware",
    "reader.middleware.LimitsMiddleware",
]

ROOT_URLCONF = "reader.urls"
WSGI_APPLICATION = "reader.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reader.preferences.context",
                "reader.editors.context",
                "annotations.views.notices.context",
            ],
        },
    },
]

# Data

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'gloss.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A connection costs more than a cached page, and a file cannot go stale.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was answered as posted outlives a power cut too.
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -64000",
    }
else:
    # Django's own, but for a server that does not answer: nobody waits for it (docs/decisions/outages.md).
    DATABASES["default"]["ENGINE"] = "reader.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = env.bool("DATABASE_HEALTH_CHECKS", default=True)
    # A server that is gone is known to be gone in seconds, so that readers and supervisors are told.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# Where pg_dump and pg_restore are, for backups; without it they are looked for.
PG_PROGRAMS = env.str("PG_PROGRAMS", "")

CACHES = {
    # Sign-in limits count in every process alike, so they are counted in the database. As they are its keys would hold
    # addresses and names; and in Django's own 300 entries somebody could push out their count by making up others.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "KEY_FUNCTION": "reader.hashing.cache_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Rendered pages: each process keeps its own, and the key says which state of the article a page shows.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": env.int("CACHED_PAGES", 300)},
    },
    # What every page asks about who is signed in, for a minute; beside the pages, so as not to push them out.
    "people": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "people",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Imports and publishing take longer than a page may: `manage.py db_worker` does them, one after the other.

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Pictures that came with articles.

MEDIA_ROOT = VAR_DIR / "media"

# What a form may bring in all is decided before it is read, by its address (reader/sizes.py); this is the last wall.

DATA_UPLOAD_MAX_MEMORY_SIZE = MOST_BYTES_OF_TEXTS

# How long it may take to arrive, beyond a second for every 16 KB of it.

BODY_SECONDS = env.int("BODY_SECONDS", 20)

# How often things may be done (docs/decisions/limits.md): `off`, or changes to what reader/rates.py has.

try:
    LIMITS = rates.parse(env.str("LIMITS", ""))
except rates.RatesError as error:
    raise ImproperlyConfigured(f"LIMITS: {error}") from error

# What waits for a moderator before all see it, beside links to unknown sites from new accounts, many links and watched
# words: the first contribution of each account.

HOLD_FIRST_CONTRIBUTION = env.bool("HOLD_FIRST_CONTRIBUTION", default=False)

# People

AUTH_USER_MODEL = "reader.User"
# One is enough: it signs in by name and by e-mail, and asked second it would only hash every wrong password twice.
AUTHENTICATION_BACKENDS = ["reader.adapters.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "library"
ACCOUNT_LOGOUT_REDIRECT_URL = "library"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
# allauth counts what concerns passwords; the rest is counted by reader.limiting.
ACCOUNT_RATE_LIMITS = rates.of_accounts(LIMITS)
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", "mandatory" if PRODUCTION else "optional")
# Whoever gives an address that has an account gets one too, which nobody can confirm (docs/decisions/allauth.md). Where
# addresses need not be confirmed, the form says that it is taken.
ACCOUNT_PREVENT_ENUMERATION = "strict" if ACCOUNT_EMAIL_VERIFICATION == "mandatory" else True
ACCOUNT_ADAPTER = "reader.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "reader.forms.AddEmailForm",
    "change_password": "reader.forms.ChangePasswordForm",
    "login": "reader.forms.LoginForm",
    "reauthenticate": "reader.forms.ReauthenticateForm",
    "reset_password": "reader.forms.ResetPasswordForm",
    "reset_password_from_key": "reader.forms.ResetPasswordKeyForm",
    "set_password": "reader.forms.SetPasswordForm",
    "signup": "reader.forms.SignupForm",
}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
# Only in the browser that signed up, so that a link in a stranger's hands opens nothing.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "reader.adapters.TwoFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers themselves take passkeys over plain HTTP on this machine alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Gloss"
MFA_FORMS = {
    "activate_totp": "reader.forms.ActivateAppForm",
    "authenticate": "reader.forms.SecondFactorForm",
    "reauthenticate": "reader.forms.SecondFactorAgainForm",
    "add_webauthn": "reader.forms.AddPasskeyForm",
    "edit_webauthn": "reader.forms.RenamePasskeyForm",
}
# "required" lets staff and editors into their pages only with two-factor sign-in.
STAFF_TWO_FACTOR = env.str("STAFF_TWO_FACTOR", "optional")
if STAFF_TWO_FACTOR not in {"optional", "required"}:
    raise ImproperlyConfigured("STAFF_TWO_FACTOR must be optional or required.")
# Limits count by address of the reader, which behind a proxy is in X-Forwarded-For: the last entry is the nearest
# proxy's. With the wrong number everybody shares one limit, or anybody can make up an address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1 if PRODUCTION else 0)

# Mail: printed in the terminal until a server is named.

EMAIL_URL = env.str("EMAIL_URL", "console:")
MAIL = env.dj_email_url("EMAIL_URL", EMAIL_URL)
if "EMAIL_BACKEND" not in MAIL:
    raise ImproperlyConfigured("EMAIL_URL must begin with submission:, smtp: or console: (see .env.example).")
vars().update(MAIL)
# A page waits for the mail server; nobody waits longer than this.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Gloss <gloss@localhost>")
# For links in mail that no request sends: where readers find the site.
OWN_ADDRESS = f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else "http://localhost:8000"
SITE_ADDRESS = env.str("SITE_ADDRESS", OWN_ADDRESS).rstrip("/")

# Where the check of sources asks for a copy of what is no longer there; empty to ask nobody.

ARCHIVE_SEARCH = env.str("ARCHIVE_SEARCH", "https://archive.org/wayback/available")

# Language and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_I18N = False

# Static files

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "reader.staticfiles.StaticFilesStorage"},
}

# Safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# What the site counts of itself: nothing, until there is a token for whoever asks.

METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")
METRICS_DIR: Path = VAR_DIR / "metrics"

# What the site says in its logs: requests that failed, on standard error; and on request one line of each, on standard
# output, with nothing in it of who asked.

LOG_REQUESTS = env.str("LOG_REQUESTS", "")
if LOG_REQUESTS not in {"", "json"}:
    raise ImproperlyConfigured("LOG_REQUESTS is json, or not set.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "reader.logs.RequestFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}{request_id}: {message}", "style": "{"},
        "bare": {"format": "{message}", "style": "{"},
    },
    "handlers": {
        "terminal": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]},
        "requests": {"class": "logging.StreamHandler", "formatter": "bare", "stream": "ext://sys.stdout"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    # Strangers who knock under made-up names are refused, and would fill the log with tracebacks.
    "loggers": {
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "reader.requests": {"handlers": ["requests"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["terminal"], "level": env.str("LOG_LEVEL", "WARNING")},
}
