"""What of a student's own markup a feedback page shows: text, tables and pictures; nothing that acts or loads."""

from __future__ import annotations

import re

_TEXT = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 "
    "hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u "
    "ul var"
)
_ATTRIBUTES = {
    "*": ["class", "title"], "a": ["href"], "img": ["src", "alt", "width", "height"], "ol": ["start"],
    "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan", "scope"],
}
_GONE = re.compile(r"<(style|script|iframe|object|template|svg|math)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
"""Elements whose content makes no sense without them."""


def sanitized(markup: str) -> str:
    """Markup without scripts, styles, forms and handlers.

    >>> sanitized('<p onclick="x()">Hi <script>alert(1)</script><b>you</b></p>')
    '<p>Hi <b>you</b></p>'
    """
    import bleach

    cleaned = bleach.clean(
        _GONE.sub("", str(markup)), tags=frozenset(_TEXT.split()), attributes=_ATTRIBUTES, strip=True,
        protocols=frozenset({"http", "https", "mailto", "data"}),
    )
    return str(cleaned)
