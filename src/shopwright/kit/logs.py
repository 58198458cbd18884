"""Structured logs: one JSON object a line, to standard output and to a file that turns over each day.

No message text and no secret is logged at info level; ids are. What looks like a secret is masked anyway.
"""

import logging
import logging.handlers
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import orjson
import structlog

KEEP_DAYS = 14
_SECRET_NAME = re.compile(r"(pass(word|wd)?|secret|api_?key|token|authorization|cookie)", re.IGNORECASE)
_SECRET_TEXT = re.compile(r"\b(sk-[\w-]{8,}|(?:ak|pk)_live_[\w-]{8,}|eyJ[\w-]{10,}\.[\w-]+\.[\w-]+)")


def _mask_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if _SECRET_NAME.search(key) and isinstance(value, str):
            event[key] = "[masked]"
        elif isinstance(value, str) and _SECRET_TEXT.search(value):
            event[key] = _SECRET_TEXT.sub("[masked]", value)
    return event


def configure_logs(role: str, log_dir: Path | None, level: str = "INFO") -> None:
    """Send the logs of this process to standard output and, if given, to `<log_dir>/<role>.log`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_secrets,
    ]
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stdout)]
    if log_dir is not None:
        log_dir.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.TimedRotatingFileHandler(
                log_dir / f"{role}.log", when="midnight", utc=True, backupCount=KEEP_DAYS, encoding="utf-8"
            )
        )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=lambda value, **_: orjson.dumps(value, default=str).decode()),
        ],
    )
    root = logging.getLogger()
    root.handlers.clear()
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    root.setLevel(level)
    for noisy in (
        "httpx2",
        "httpcore2",
        "procrastinate",
        "alembic",
        "pdfminer",
        "botocore",
        "urllib3",
        "anthropic",
        "google_genai",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(role=role)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
