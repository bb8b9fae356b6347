"""Somebody who works with the site as a browser does, without running any of its code."""

import http.client
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    text: str
    location: str


class UpdateFormReader(HTMLParser):
    """Collects the values of the form that has a field `comment`: what a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._current: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the fields."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._current = {}
        name, kind = attributes.get("name", ""), attributes.get("type", "text")
        is_off = kind in {"radio", "checkbox"} and "checked" not in attributes
        if tag == "textarea" or (tag == "input" and kind not in {"submit", "file"} and not is_off):
            self._current[name] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Keep the form if it is the one."""
        if tag == "form" and "comment" in self._current:
            self.values = self._current


def read_form(page: str) -> dict[str, str]:
    """Return the values of the update form on a page."""
    reader = UpdateFormReader()
    reader.feed(page)
    return reader.values


@dataclass
class Editor:
    """A signed-in person with one connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, values: dict[str, str]) -> Answer:
        """Send a form."""
        return self.send(path, urlencode(values).encode(), "application/x-www-form-urlencoded")

    def send(self, path: str, body: bytes, content_type: str) -> Answer:
        """Send a form that is written out already."""
        return self._ask("POST", path, body, content_type)

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the page."""
        page = self.get("/prisijungti/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        values = {"csrfmiddlewaretoken": token[1], "username": username, "password": password}
        assert self.post("/prisijungti/", values).status == 302

    def _ask(self, method: str, path: str, body: bytes | None, content_type: str = "text/plain") -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": content_type,
        }
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for name, value in response.getheaders():
            if name == "Set-Cookie":
                cookie, _separator, content = value.split(";")[0].partition("=")
                self.cookies[cookie] = content
        return Answer(response.status, text, response.getheader("Location") or "")
