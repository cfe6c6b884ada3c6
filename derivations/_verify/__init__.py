"""Judging a user's own claims: read, refute, prove, replay, and say what came out; one claim, a file, or a stream of lines."""
