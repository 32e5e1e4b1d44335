"""What each command of build.py does, in terms of etalage/ and plugins/."""
