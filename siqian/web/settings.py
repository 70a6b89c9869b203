"""Django's settings, from `config`. SQLite is the embedded default; PostgreSQL is used when the URL says so."""

import hashlib
from urllib.parse import parse_qs, unquote, urlsplit

from . import config as _config

CONFIG = _config.load()
SIQIAN_HOME = CONFIG.home_path
SIQIAN_DEMO = CONFIG.demo
SIQIAN_JURISDICTION = CONFIG.jurisdiction
# Hosts of the house's own network to which letters may go all the same.
SIQIAN_INSIDE = frozenset(host for host in CONFIG.inside.split(",") if host)
DEBUG = CONFIG.debug
ALLOWED_HOSTS = CONFIG.hosts.split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in CONFIG.origins.split(",") if origin]


def _secret() -> str:
    if CONFIG.secret:
        return CONFIG.secret
    path = SIQIAN_HOME / "keys" / "session.key"
    if not path.exists():
        from siqian.kernel import clock

        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(clock.code(50), encoding="utf-8")
        path.chmod(0o600)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def database(url: str) -> dict[str, object]:
    """Django's entry for a database URL: sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME?host=SOCKET&port=N."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) if parts.path.startswith("//") else unquote(parts.path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: with NORMAL, a power cut lost commits that had been acknowledged. Verbs flush together (kernel/disk.py).
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=30000;"
                "PRAGMA wal_autocheckpoint=20000;",
            },
        }
    if parts.scheme not in ("postgresql", "postgres"):
        raise _config.BadConfig(f"SIQIAN_DATABASE 看不懂：{parts.scheme}。写 sqlite:///路径 或 postgresql://用户@主机/库名")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
    }


SECRET_KEY = _secret()
# Where text messages and e-mails go: "console" (the demo's default), http(s)://… for text messages, smtp(s)://… for mail; empty: nowhere.
_WAYS = {"sms": CONFIG.sms, "email": CONFIG.email, "alarm": CONFIG.alarm}
SIQIAN_GATEWAYS = {channel: url or ("console" if CONFIG.demo else "") for channel, url in _WAYS.items()}
SIQIAN_GATEWAY_SECRET = CONFIG.sms_secret
SIQIAN_NUMBERS = CONFIG.numbers
_mail = urlsplit(CONFIG.email if CONFIG.email.startswith("smtp") else "")
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or (465 if _mail.scheme == "smtps" else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_TIMEOUT = _mail.scheme == "smtps", 10
DEFAULT_FROM_EMAIL = CONFIG.email_from or "siqian@localhost"
DATABASES = {"default": database(CONFIG.database_url)}
if CONFIG.database_owner:
    DATABASES["owner"] = database(CONFIG.database_owner)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "siqian.kernel",
    "siqian.ui",
    "siqian.town.places",
    "siqian.town.people",
    "siqian.trades.dossier",
    "siqian.trades.tasks",
    "siqian.trades.notices",
    "siqian.trades.papers",
    "siqian.spine.remit",
    "siqian.spine.learn",
    "siqian.spine.answers",
    "siqian.spine.matters",
    "siqian.services.visits",
    "siqian.services.sensing",
    "siqian.services.care",
    "siqian.services.benefits",
    "siqian.services.passes",
    "siqian.intake",
    "siqian.insight.workbench",
    "siqian.insight.rosters",
    "siqian.insight.bounds",
    "siqian.insight.offices",
    "siqian.insight.brain",
    "siqian.insight.review",
    "siqian.insight.atlas",
    "siqian.insight.mine",
    "siqian.insight.topics",
    "siqian.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "siqian.web.who.Language",
    "django.middleware.common.CommonMiddleware",
    "siqian.web.who.TokensNeedNoCookie",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "siqian.web.who.Who",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "siqian.web.urls"
WSGI_APPLICATION = "siqian.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "siqian.web.menu.every_page"],
            "builtins": ["django.templatetags.i18n", "siqian.ui.templatetags.ui", "siqian.spine.matters.templatetags.matters"],
        },
    }
]

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_VERBOSE = False
LOGIN_URL = "/sign-in"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(CSRF_TRUSTED_ORIGINS)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [__import__("pathlib").Path(__file__).parent.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["err"], "level": "WARNING"},
}
