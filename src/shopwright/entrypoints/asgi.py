"""What the HTTP server loads in each of its processes."""

import threading
from typing import TYPE_CHECKING

from shopwright.entrypoints.settings import load_settings
from shopwright.kit.memory import loading_code

if TYPE_CHECKING:
    from fastapi import FastAPI


def build() -> "FastAPI":
    settings = load_settings()
    settings.check()
    from shopwright.nlp.embedding import LocalEmbedder

    # The models load (a second, most of it outside of Python) while the application is imported.
    local = LocalEmbedder(settings.models_dir, threads=settings.model_threads)
    threading.Thread(target=local.load_here, daemon=True, name="load-models").start()
    with loading_code():
        from shopwright.entrypoints.api import create_app
        from shopwright.kit.logs import configure_logs

        configure_logs("api", settings.log_dir, settings.log_level)
        return create_app(settings, local)
