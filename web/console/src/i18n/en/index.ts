import { administration } from './administration'
import { auth } from './auth'
import { bot } from './bot'
import { bots } from './bots'
import { channels, letters } from './channels'
import { checks } from './checks'
import { common, errors, frame, ui } from './common'
import { contacts } from './contacts'
import { home } from './home'
import { knowledge } from './knowledge'
import { lab } from './lab'
import { onboarding } from './onboarding'
import { clients, conversations } from './people'
import { playground } from './playground'
import { settings } from './settings'
import { shops } from './shops'

export const en = { ui, checks, common, errors, frame, administration, auth, home, onboarding, bots, bot, knowledge, channels, letters, lab, conversations, contacts, clients, settings, shops, playground }
export type Catalogue = typeof en
