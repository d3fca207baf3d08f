"""The site builds without a warning, and needs no other host."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def pages(site):
    return [(p, p.read_text("utf-8")) for p in sorted(site.rglob("*.html"))]


def test_every_lesson_has_its_page(site):
    for source in (ROOT / "book").glob("*.ipynb"):
        assert (site / "book" / f"{source.stem}.html").is_file()
    assert (site / "index.html").is_file()


def test_every_image_has_alt_text(site):
    for page, text in pages(site):
        for image in re.findall(r"<img\b[^>]*>", text):
            alt = re.search(r'alt="([^"]*)"', image)
            assert alt, f"{page.name}: {image[:200]}"
            assert "_images/" not in alt[1], f"{page.name}: {image[:200]}"


def test_no_page_asks_another_host(site):
    for page, text in pages(site):
        for tag in re.findall(
            r"<(?:script|link|img|iframe|video|source)\b[^>]*>", text
        ):
            address = re.search(r'(?:src|href)="((?:https?:)?//[^"]*)"', tag)
            allowed = 'rel="canonical"' in tag
            assert not address or allowed, f"{page.name}: {tag[:200]}"


def test_internal_links_lead_somewhere(site):
    for page, text in pages(site):
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text):
            if re.match(r"\w+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page.name}: {link}"
            if anchor and target.suffix == ".html":
                there = (
                    ids
                    if target == page
                    else set(
                        re.findall(
                            r'\bid="([^"]+)"', target.read_text("utf-8")
                        )
                    )
                )
                assert anchor in there, f"{page.name}: {link}"


def test_colab_links_lead_to_lessons(site):
    for page, text in pages(site):
        for path in re.findall(
            r"colab\.research\.google\.com/github/[^/]+/[^/]+/blob/main/([^\"#]+)",
            text,
        ):
            assert (ROOT / path).is_file(), f"{page.name}: {path}"
