"""The page: one file that needs nothing else, with every topic, message and field, and no link that leads nowhere."""

import re
from html.parser import HTMLParser

from services.runtime.schemas.page import prose
from services.runtime.schemas.published import PAGE, home
from tests.schemas.validating import document

TEXT = (home() / PAGE).read_text(encoding="utf-8")
CLOSED_BY_THEMSELVES = {"meta", "input", "!doctype"}


class Structure(HTMLParser):
    """Ids, links within the page, whatever it fetches, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.feed(TEXT)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what it is and refers to."""
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if "href" in found:
            self.links.add(found["href"])
        self.fetched += [value for name, value in found.items() if name == "src" or tag == "link"]
        if tag not in CLOSED_BY_THEMSELVES:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It ends what was begun last."""
        assert self.open.pop() == tag


PAGE_READ = Structure()


def test_it_needs_nothing_else() -> None:
    assert PAGE_READ.fetched == []
    assert re.findall(r"https?:|url\(|@import", TEXT) == []
    assert PAGE_READ.open == []


def test_every_link_leads_somewhere() -> None:
    assert {link for link in PAGE_READ.links if link.removeprefix("#") not in PAGE_READ.ids} == set()
    assert len(PAGE_READ.ids) == len(set(PAGE_READ.ids))


def test_every_topic_message_type_and_field_is_on_it() -> None:
    components = document()["components"]
    for name in document()["channels"]:
        assert f'id="topic-{name}"' in TEXT
    for name in components["messages"]:
        assert f'id="message-{name}"' in TEXT
    for schema in components["schemas"].values():
        for field in schema.get("properties", {}):
            assert f"<tr><td><code>{field}</code></td>" in TEXT, field


def test_what_is_written_in_the_models_is_not_read_as_markup() -> None:
    assert prose("a `b` < c\n\n<i>") == "<p>a <code>b</code> &lt; c</p><p>&lt;i&gt;</p>"
