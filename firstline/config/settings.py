"""Settings of one zone. Everything an operator may change comes from the environment (see config/env.py and README)."""

from __future__ import annotations

import os

from firstline.config import env
from firstline.core.keys import secret_for
from firstline.sync import serving

HOME = env.home()
DEBUG = False
DEMO = env.flag("FIRSTLINE_DEMO", False)
SECRET_KEY = secret_for(HOME, "django")
ALLOWED_HOSTS = os.environ.get("FIRSTLINE_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("FIRSTLINE_ORIGINS", "").split(",") if origin]
PUBLIC_URL = os.environ.get("FIRSTLINE_PUBLIC_URL", "http://127.0.0.1:8000")
HTTPS = PUBLIC_URL.startswith("https://")

# The modules in the order of the house, the highest first: migrations, translations and contracts follow it.
MODULES = [
    "drill",
    "sync",
    "intake",
    "privacy",
    "today",
    "reports",
    "coverage",
    "visits",
    "rounds",
    "duty",
    "workforce",
    "registry",
    "access",
    "areas",
    "console",
    "core",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "firstline.config",
    *(f"firstline.{name}" for name in MODULES),
    "allauth",  # after ours: our templates of the same name come first
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "firstline.access.middleware.ActorMiddleware",
    "firstline.config.errors.RefusalMiddleware",
]

ROOT_URLCONF = "firstline.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "firstline.console.context.page",
            ],
            "builtins": ["firstline.console.templatetags.console", "django.templatetags.i18n"],
        },
    }
]
WSGI_APPLICATION = "firstline.config.wsgi.application"

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by the server's processes on this machine: it holds the counters of sign-in and code throttling.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"}}

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
ACCOUNT_ADAPTER = "firstline.access.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/ip,5/5m/key", "login": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Firstline"
MFA_TOTP_TOLERANCE = 1  # a phone whose clock is half a minute off still signs in
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
REQUIRE_MFA = env.flag("FIRSTLINE_REQUIRE_MFA", not DEMO)
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_AGE = 8 * 3600
# Signed out after this long without a click: office machines are shared.
SESSION_IDLE_MINUTES = int(os.environ.get("FIRSTLINE_IDLE_MINUTES", "120"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_SAVE_EVERY_REQUEST = False
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("FIRSTLINE_BEHIND_PROXY", False) else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("FIRSTLINE_BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "firstline_language"
USE_I18N = True
TIME_ZONE = os.environ.get("FIRSTLINE_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ROOT = serving.BUILT
WHITENOISE_INDEX_FILE = True
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
WHITENOISE_IMMUTABLE_FILE_TEST = serving.NEVER_CHANGES
WHITENOISE_ADD_HEADERS_FUNCTION = serving.add_headers
UPLOADS = HOME / "uploads"
BACKUPS = HOME / "backups"
EXPORTS = HOME / "exports"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
IMPORT_MAX_BYTES = int(os.environ.get("FIRSTLINE_IMPORT_MAX_BYTES", 100 * 1024 * 1024))

# The reporting day: 0 means midnight to midnight; 8 means a day runs 08:00-08:00 of TIME_ZONE.
DAY_STARTS_AT_HOUR = int(os.environ.get("FIRSTLINE_DAY_STARTS_AT_HOUR", "0"))
# A fact may come this long after its grant ended and still be judged at the time it was made.
FACT_GRACE_HOURS = int(os.environ.get("FIRSTLINE_FACT_GRACE_HOURS", "72"))
# A fact that names something unknown (a door, a person) waits this long for it before the office has to decide.
WAIT_HOURS = int(os.environ.get("FIRSTLINE_WAIT_HOURS", "24"))
# A device's clock may run ahead by this much before its facts are held as coming from the future.
FUTURE_TOLERANCE_MINUTES = 10
# An export of people can be fetched for this long; then its file is deleted.
EXPORT_DAYS = int(os.environ.get("FIRSTLINE_EXPORT_DAYS", "3"))
# A resident who asks what is held about them, or to change or delete it, is answered within this time.
REQUEST_DAYS = int(os.environ.get("FIRSTLINE_REQUEST_DAYS", "15"))
# The laptop needs no second process: the server runs the jobs in a thread of its own unless told otherwise.
WORKER_IN_PROCESS = env.flag("FIRSTLINE_WORKER_IN_PROCESS", True)
MAP_TILE_URL = os.environ.get("FIRSTLINE_MAP_TILE_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Never the message of an exception: it may quote somebody's data.
    "formatters": {
        "plain": {
            "()": "firstline.core.quiet.Formatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("FIRSTLINE_LOG_LEVEL", "WARNING")},
}
