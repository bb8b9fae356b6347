"""Reads pages the way a browser does."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self):
        super().__init__()
        self.data, self.open_form, self.textarea, self.select = {}, False, None, None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        name = attributes.get("name")
        if tag == "form":
            self.open_form = attributes.get("method") == "post" and "id" in attributes
        elif not self.open_form:
            return
        elif tag == "input" and name and attributes.get("type") not in ("submit", "file"):
            if attributes.get("type") != "checkbox" or "checked" in attributes:
                default = "on" if attributes.get("type") == "checkbox" else ""
                self.data[name] = attributes.get("value", default)
        elif tag == "textarea":
            self.textarea, self.data[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attributes:
            self.data[self.select] = attributes.get("value", "")

    def handle_data(self, data):
        if self.textarea:
            self.data[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            name, self.textarea = self.textarea, None
            # The first line end belongs to the tag; browsers send the others as CRLF.
            self.data[name] = self.data[name].removeprefix("\r").removeprefix("\n").replace("\n", "\r\n")
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.open_form = False


def read_form(response):
    """Return what a browser would send if the user pressed „save“ without touching anything."""
    form = _Form()
    form.feed(response.content.decode())
    assert form.data, response.status_code
    return form.data


def errors_of(response):
    """Return all error messages of a change form, in one text."""
    return "\n".join(str(error) for error in response.context["errors"])
