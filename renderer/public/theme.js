// Before the first paint: theme and density as chosen (see renderer/ui/theme.ts, which uses the same keys).
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const theme = read('cityflow.theme');
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.documentElement.dataset.density =
    read('cityflow.density') === 'comfortable' ? 'comfortable' : 'compact';
})();
