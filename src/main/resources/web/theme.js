// Runs before the first paint, so that no page is ever shown in the wrong theme. No module: those
// run after it.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');

  function chosen() {
    try {
      return localStorage.getItem('sotto-theme');
    } catch {
      return null; // storage is refused: the system decides
    }
  }

  function apply() {
    const system = dark.matches ? 'dark' : 'light';
    const choice = chosen();
    const theme = choice === 'light' || choice === 'dark' ? choice : system;
    document.documentElement.dataset.bsTheme = theme;
    document.documentElement.style.colorScheme = theme;
  }

  apply();
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('sotto-theme', apply);
})();
