"""Judging a result: its lines become proofs, the kernel checks them, the second witness looks on."""
