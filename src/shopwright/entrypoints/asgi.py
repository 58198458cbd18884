"""What the HTTP server loads in each of its processes."""

from fastapi import FastAPI

from shopwright.entrypoints.api import create_app
from shopwright.entrypoints.settings import load_settings
from shopwright.kit.logs import configure_logs


def build() -> FastAPI:
    settings = load_settings()
    settings.check()
    configure_logs("api", settings.log_dir, settings.log_level)
    return create_app(settings)
