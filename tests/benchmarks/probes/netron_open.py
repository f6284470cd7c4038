"""Seconds that Netron, in a headless Chromium, takes from opening an index to showing it.

Its page answers no question meanwhile, which is why nothing finer is measured.
"""

import json
import sys
import time

import netron
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 600  # seconds
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


def main(index: str) -> None:
    server = netron.start(index, browse=False)
    options = webdriver.ChromeOptions()
    for option in OPTIONS:
        options.add_argument(option)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    browser.set_page_load_timeout(PATIENCE)
    browser.set_script_timeout(PATIENCE)
    address = f"http://{server[0]}:{server[1]}"
    try:
        browser.get(address)
        browser.execute_script("document.cookie = 'consent=1;path=/'")  # or it would ask first, for ever
        begun = time.perf_counter()
        browser.get(f"{address}/?")
        WebDriverWait(browser, PATIENCE).until(_shows_the_file)
        print(json.dumps(time.perf_counter() - begun))
    finally:
        browser.quit()
        netron.stop()


def _shows_the_file(browser: webdriver.Chrome) -> bool:
    """The page tells its state in the class of its body."""
    return bool(browser.execute_script("return document.body.className === 'default'"))


if __name__ == "__main__":
    main(*sys.argv[1:])
