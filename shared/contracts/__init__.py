"""What can be said between services. Data only: nothing here decides, stores or sends."""
