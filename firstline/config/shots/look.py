"""What a machine can see on a page: wider than its window, in the wrong language, raw codes, barriers (axe)."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).resolve().parents[3] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Words that stand in Latin letters on Chinese pages by right.
LATIN = {
    "Firstline", "English", "JSON", "Word", "CSV", "XLSX", "XLS", "PDF", "GeoJSON", "XLSForm", "QR", "TOTP", "API", "ODK",
    "WGS84", "SQLite", "PostgreSQL", "GB18030", "UTF", "FIRSTLINE",
}  # fmt: skip
LABELS = "button, th, label, legend, h1, h2, h3, .fl-side a, .form-label, .fl-stat-label, .btn, dt, .badge"
NOT_WORDS = r"\S*\w\.\w\S*|\.\w+|\b[A-Z0-9]{6,}\b"  # names of files and verbs, endings, printed codes
CODES = r"(?<![\w./:@-])(?:[a-z]+(?:_[a-z]+)+|[a-z]+\.[A-Z][A-Za-z]+)(?![\w./@-])"


async def look(page: Page, language: str, *, barriers: bool) -> list[str]:
    found = [*await _overflow(page), *await _language(page, language), *await _codes(page)]
    return [*found, *await _axe(page)] if barriers else found


async def _overflow(page: Page) -> list[str]:
    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"overflow: {wide} px wider than the window"] if wide > 1 else []


async def _language(page: Page, language: str) -> list[str]:
    """Words of the interface (not of the data) in the other language."""
    said = await page.evaluate("document.documentElement.lang.toLowerCase()")
    if said != language:
        return [f"language: the page is in {said}"]
    if language == "en":
        return []
    texts = await page.eval_on_selector_all(
        LABELS,
        "all => all.filter(e => e.offsetParent && !e.closest('[data-record], code')).map(e => e.innerText.trim())",
    )
    return [
        f"not translated: {text[:60]}"
        for text in sorted(set(texts))
        if set(re.findall(r"[A-Za-z]{3,}", re.sub(NOT_WORDS, "", text))) - LATIN
    ]


async def _codes(page: Page) -> list[str]:
    """A code of the program where a person should read a word."""
    text = await page.evaluate(
        "() => {const copy = document.body.cloneNode(true);"
        "copy.querySelectorAll('code, pre, kbd, script, textarea, [data-record]').forEach(e => e.remove());"
        "const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT), said = [];"
        "while (texts.nextNode()) said.push(texts.currentNode.data);"
        "return said.join(' ')}"
    )
    return [f"raw code: {code}" for code in sorted(set(re.findall(CODES, text)))]


async def _axe(page: Page) -> list[str]:
    if not AXE.exists():
        return []
    await page.evaluate(AXE.read_text())
    found: list[str] = await page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false}).then(r => r.violations.map("
        "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')))",
        RULES,
    )
    return [f"axe {violation}" for violation in found]
