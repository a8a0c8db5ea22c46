"""Providers report here what became of a message, since no other part of the system can be reached from outside.

It is handed on as it came: who said it is known by its signature, which the notifications service checks.
"""

from base64 import b64encode

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from services.portal.calls import Intention, Refused, at
from services.portal.session import fresh_key
from services.portal.visit import ByLink
from shared.runtime.auth import User

router = APIRouter()

_LARGEST = 190_000
"""As base64 it still is within what a service takes."""
_CHANNELS = ("email", "sms", "push")


@router.post("/webhooks/{channel}")
async def hand_on(channel: str, visit: ByLink) -> Response:
    """The answer is for a programme: how much was heard, or what is wrong."""
    request = visit.request
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _LARGEST:
            return JSONResponse({"code": "too-large"}, 413)
    if channel not in _CHANNELS:
        raise Refused(404, {"code": "not-found"})
    names = ("id", "timestamp", "signature")
    handed = {name: request.headers.get(f"webhook-{name}", "") for name in names}
    body = {**handed, "body": b64encode(bytes(content)).decode()}
    caller = User("portal", "service")
    path, correlation = at("webhooks", channel), str(request.state.correlation)
    try:
        heard = await visit.portal.calls.post(caller, correlation, "notifications", path, body, Intention(fresh_key()))
    except Refused as refused:
        return JSONResponse({"code": refused.code, "title": refused.title}, refused.status)
    return JSONResponse(heard)
