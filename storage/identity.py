"""Ids that are hashes of content: the same input gives the same ids on any machine."""

import hashlib


def text_hash(*parts: str) -> str:
    """80 bits of BLAKE2b over the parts, as 20 hexadecimal digits. A lone surrogate counts as its code point."""
    data = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=10).hexdigest()


def article_id(outlet: str, url: str | None, title: str, text: str) -> str:
    """The canonical URL names an article; without one, its outlet, title and text do."""
    return text_hash("article", url) if url else text_hash("article", outlet, title, text)


def statement_id(article: str, position: int, text: str) -> str:
    return text_hash("statement", article, str(position), text)


def story_id(first_article: str) -> str:
    return text_hash("story", first_article)


def claim_id(story: str, earliest_statement: str) -> str:
    return text_hash("claim", story, earliest_statement)
