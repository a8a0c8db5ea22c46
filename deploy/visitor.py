"""Somebody at a browser without JavaScript: reads pages, fills in forms, presses their one button."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

_VOID = ("input", "meta", "link", "br", "img", "hr")
_FIELDS = ("input", "select", "textarea")


@dataclass
class FormSeen:
    """A form as it stands on a page, with what is filled in already."""

    name: str
    action: str
    method: str = "post"
    values: dict[str, list[str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    buttons: int = 0


class PageSeen(HTMLParser):
    """What a page says and offers."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.status = answer.status_code
        self.path = answer.url.path
        self.query = answer.url.query.decode()
        self.headers = answer.headers
        self.html = answer.text
        self.title = self.text = self.language = ""
        self.headings: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.forms: list[FormSeen] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self._form: FormSeen | None = None
        self._select = self._area = ""
        self._open_heading = False
        self.feed(answer.text)

    def form(self, name: str, **values: str) -> FormSeen:
        """The form of that stable name, and among several the one with these values."""
        for form in self.forms:
            if form.name == name and all(form.values.get(key) == [value] for key, value in values.items()):
                return form
        raise AssertionError(f"{self.path} has no form {name} {values}; it has {[form.name for form in self.forms]}")

    def has_form(self, name: str) -> bool:
        return any(form.name == name for form in self.forms)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in _VOID:
            self._open.append(tag)
        if tag in ("h1", "h2"):
            self.headings.append((tag, ""))
        self._open_heading = bool({"h1", "h2"} & set(self._open))
        if tag == "html":
            self.language = found.get("lang") or ""
        elif tag == "a":
            self.links.append(found.get("href") or "")
        elif tag == "form":
            self._form = FormSeen(found.get("data-form") or "", found.get("action") or "", found.get("method") or "get")
            self.forms.append(self._form)
        elif self._form is not None:
            self._part(self._form, tag, found)

    def _part(self, form: FormSeen, tag: str, found: dict[str, str | None]) -> None:
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "button":
            form.buttons += 1
        if tag in _FIELDS:
            form.fields.add(name)
        if tag == "input":
            if found.get("type") not in ("radio", "checkbox") or "checked" in found:
                form.values.setdefault(name, []).append(value)
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in found or self._select not in form.values):
            form.values[self._select] = [value]
        elif tag == "textarea":
            self._area = name
            form.values[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if "title" in self._open:
            self.title += data
        if "main" in self._open:
            self.text += data
            level = next((tag for tag in ("h1", "h2") if tag in self._open), "")
            if level and self._open_heading:
                self.headings[-1] = (level, " ".join((self.headings[-1][1] + data).split()))
        if self._area and self._form:
            self._form.values[self._area][0] += data


class Visitor:
    """One browser. `page` is what it shows now."""

    def __init__(self, address: str, language: str = "en") -> None:
        self.client = httpx.Client(base_url=address, follow_redirects=True, timeout=20, trust_env=False)
        self.language = language
        self.page: PageSeen

    def get(self, path: str) -> PageSeen:
        return self._show(self.client.get(path))

    def submit(self, form: FormSeen | str, **values: str | Iterable[str]) -> PageSeen:
        """Fill the form in and press its button."""
        return self._show(self.send(form, **values))

    def send(self, form: FormSeen | str, **values: str | Iterable[str]) -> httpx.Response:
        """The same, without looking at the answer."""
        if isinstance(form, str):
            form = self.page.form(form)
        unknown = values.keys() - form.fields
        assert not unknown, f"{form.name} has no field {unknown}; it has {form.fields}"
        filled = {name: [value] if isinstance(value, str) else list(value) for name, value in values.items()}
        headers = {"Origin": str(self.client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
        data: dict[str, Any] = {**form.values, **filled}
        if form.method == "get":
            return self.client.get(form.action or self.page.path, params=data)
        return self.client.post(form.action or self.page.path, data=data, headers=headers)

    def sign_in(self, person: str) -> PageSeen:
        """Be one of the demo people, such as `referrer:dr-okafor`."""
        self.get("/sign-in")
        self.submit(self.page.form("sign-in", person=person))
        if self.page.language != self.language:
            self.submit("language")
        return self.page

    def _show(self, answer: httpx.Response) -> PageSeen:
        self.page = PageSeen(answer)
        return self.page
