// How much a page does, counted: what it asks the server and which rows it draws anew. Unlike time
// these do not depend on the machine.

// Requests whose address has `part`, from now on.
export function requests(page, part) {
  const seen = [];
  const note = (request) => {
    if (request.url().includes(part)) seen.push(request.url());
  };
  page.on("request", note);
  return {
    take() {
      page.off("request", note);
      return seen;
    },
  };
}

// Rows (elements that match `rows`) that stay and are changed by what `act` does: their number.
export async function redrawn(page, rows, act) {
  await page.evaluate((selector) => {
    const old = new Set(document.querySelectorAll(selector));
    const changed = new Set();
    globalThis.changedRows = changed;
    globalThis.rowWatch = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const row = element?.closest(selector);
        if (row && old.has(row)) changed.add(row);
      }
    });
    globalThis.rowWatch.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  }, rows);
  await act();
  return page.evaluate(() => {
    globalThis.rowWatch.disconnect();
    return globalThis.changedRows.size;
  });
}
