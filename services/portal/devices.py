"""What kind of browser and device somebody uses, as far as their browser says: enough to know one's own again."""

from shared.contracts.sessions import Browser, Device

# In this order: browsers name others whose pages they can show.
_BROWSERS: tuple[tuple[str, Browser], ...] = (
    ("edg", "edge"),
    ("firefox/", "firefox"),
    ("fxios/", "firefox"),
    ("crios/", "chrome"),
    ("chrome/", "chrome"),
    ("safari/", "safari"),
)
_DEVICES: tuple[tuple[str, Device], ...] = (
    ("iphone", "iphone"),
    ("ipad", "ipad"),
    ("android", "android"),
    ("windows", "windows"),
    ("mac os x", "mac"),
    ("linux", "linux"),
    ("cros", "other"),
)


def browser_of(user_agent: str) -> Browser:
    """The browser, by the header that it sends."""
    return next((browser for sign, browser in _BROWSERS if sign in user_agent.lower()), "other")


def device_of(user_agent: str) -> Device:
    """The kind of device, by the same header."""
    return next((device for sign, device in _DEVICES if sign in user_agent.lower()), "other")
