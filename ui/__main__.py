"""`python -m ui`. Empty of imports: worker processes import this module again, and need no window."""

if __name__ == "__main__":
    from ui.app import main

    raise SystemExit(main())
