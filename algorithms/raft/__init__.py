"""Raft, whole: Ongaro and Ousterhout 2014, and Ongaro's dissertation."""
