"""JSON logs with ids and outcomes, never a payload. The correlation follows a request into all that it causes."""

import logging
import re
import sys
from typing import Any

import structlog

get_logger = structlog.get_logger

_KIND_OF_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")
_NAMES_A_SECRET = re.compile(
    r"passw|secret|token|authori[sz]ation|cookie|credential|api_?key|master_?key", re.IGNORECASE
)
_IS_A_SECRET = re.compile(r"(?<=://)[^/@\s]+(?=@)|(?<=bearer )\S+|\beyJ[\w-]+\.[\w-]+\.[\w-]*", re.IGNORECASE)
_LEFT_OUT = "(left out)"


def configure_logs(level: str = "INFO", stream: Any = None) -> None:
    """Send every log line, our own and the libraries', to `stream` (standard error by default) as one JSON object."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        # What the level leaves out is dropped before it costs anything.
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        processors=[*shared, _without_values, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _without_values],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_secrets,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "faststream", "httpx", "httpcore", "uvicorn.access", "asyncio"):
        logging.getLogger(noisy).setLevel("WARNING")


def error_text(error: BaseException) -> str:
    """What may be said about an error: its kind and, for a failed validation, where; never the values in it."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False))
        return f"{error.title}: {places}"[:500]
    return f"{type(error).__name__}: {error}"[:500] if _harmless(error) else type(error).__name__


def without_password(address: str) -> str:
    """An address as it may be shown: without user, password and options."""
    kind = _KIND_OF_ADDRESS.match(address)
    return (kind[0] if kind and "@" in address else "") + address.rpartition("@")[2].split("?")[0]


def _harmless(error: BaseException) -> bool:
    """Our own errors are written without personal data; nobody can promise that of a library's."""
    return type(error).__module__.startswith(("shared.", "services.", "deploy."))


def _without_values(_: Any, __: str, fields: Any) -> Any:
    """A stack with a validation error in it prints the input; keep only where it happened."""
    info = fields.pop("exc_info", None)
    if info:
        error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else sys.exc_info()[1]
        if error is not None:
            fields["error"] = error_text(error)
            fields["where"] = _innermost(error)
    return fields


def _without_secrets(_: Any, __: str, fields: Any) -> Any:
    """The last look at a line, whoever wrote it: no password of an address, no token, nothing called a secret."""
    for name, value in fields.items():
        if _NAMES_A_SECRET.search(name):
            fields[name] = _LEFT_OUT
        elif not isinstance(value, bool | int | float | None):
            text = value if isinstance(value, str) else str(value)
            if _IS_A_SECRET.search(text):
                fields[name] = _IS_A_SECRET.sub(_LEFT_OUT, text)
    return fields


def _innermost(error: BaseException) -> str:
    trace = error.__traceback__
    place = ""
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
