"""The portal as a process of its own: `python -m services.portal.main`."""

import os
import sys

import uvicorn

from services.portal.app import portal
from services.portal.settings import load_portal_settings
from shared.runtime.logs import configure_logs
from shared.runtime.settings import SettingsFault


def main() -> None:
    """Read the settings, and show pages until a signal comes."""
    try:
        settings = load_portal_settings(os.environ)
        port = int(os.environ.get("CAREPATH_PORT", "8080"))
    except SettingsFault as fault:
        sys.exit(str(fault))
    except ValueError:
        sys.exit("CAREPATH_PORT is not a number; write one such as 8080")
    configure_logs(os.environ.get("CAREPATH_LOG_LEVEL", "INFO").upper())
    host = os.environ.get("CAREPATH_HOST", "127.0.0.1")
    # Which proxies are believed is said in the settings, and the app goes by it.
    uvicorn.run(
        portal(settings), host=host, port=port, log_config=None, timeout_graceful_shutdown=10, proxy_headers=False
    )


if __name__ == "__main__":
    main()
