"""The room that computes: text, arrays and dataclasses in, the same out; no file, no network, no store."""
