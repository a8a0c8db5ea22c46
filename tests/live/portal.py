"""The portal as a process of its own in which anybody can be anybody. The portal's own program refuses that."""

import os
from dataclasses import replace

import uvicorn

from services.portal.app import portal
from services.portal.settings import load_portal_settings


def main() -> None:
    settings = replace(load_portal_settings(os.environ), development_sign_in=True, secure_cookies=False)
    uvicorn.run(portal(settings), host="127.0.0.1", port=int(os.environ["CAREPATH_PORT"]), log_config=None)


if __name__ == "__main__":
    main()
