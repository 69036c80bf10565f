"""Tool tips that show what people typed."""


def plain_tip(words: str) -> str:
    """`words` as they were typed: Qt takes a tip with tags for markup."""
    if "<" not in words:
        return words
    from html import escape

    return f"<p style='white-space: pre-wrap'>{escape(words)}</p>"
