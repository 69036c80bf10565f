"""Tool tips that show what people typed."""


def with_reason(tip: str, why: str) -> str:
    """A tip, and below it why what it tells of is not allowed; either may be empty."""
    if not tip or not why:
        return tip or why
    from html import escape

    return f"{tip}<p>{escape(why)}</p>" if tip.startswith("<p") else f"{tip}\n{why}"


def plain_tip(words: str) -> str:
    """`words` as they were typed: Qt takes a tip with tags for markup."""
    if "<" not in words:
        return words
    from html import escape

    return f"<p style='white-space: pre-wrap'>{escape(words)}</p>"
