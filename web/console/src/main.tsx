import './app.css'
import { HintProvider, ToastProvider } from '@shopwright/ui'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { queries } from './api'
import { applyTheme, themeChoice } from './frame/theme'
import { LanguageProvider, loadLanguage } from './i18n'
import { router } from './router'
import { session } from './session'

applyTheme(themeChoice())
// Dialogs lock the page behind them with a style element; the policy lets in those that carry this value.
setNonce(document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '')

const [first] = await Promise.all([loadLanguage(), session.start()])
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <LanguageProvider first={first}>
        <HintProvider delayDuration={400}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </HintProvider>
      </LanguageProvider>
    </QueryClientProvider>,
  )
}
// Which page is on the screen, said where style sheets and tests can see it.
router.subscribe('onRendered', ({ toLocation }) => {
  document.documentElement.dataset['page'] = toLocation.href
})
// A session that ends leads to the sign-in page, and from there back.
session.subscribe(() => {
  if (session.snapshot().status === 'out') queries.clear()
  void router.invalidate()
})
