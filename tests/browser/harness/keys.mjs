// A person who has no mouse.

// By the Tab key to what is named so: by its aria-label, its label or its own words.
export async function tabTo(page, name) {
  for (let i = 0; i < 60; i += 1) {
    const here = await page.evaluate(() => {
      const at = document.activeElement;
      const label = at?.labels?.[0]?.textContent?.replace(/ \*$/, "");
      return at?.getAttribute("aria-label") ?? label ?? at?.textContent ?? "";
    });
    if (here === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`"${name}" is not reached by the Tab key`);
}

// Waits until what is typed goes into this field.
export async function focused(field) {
  await field.and(field.page().locator(":focus")).waitFor();
}
